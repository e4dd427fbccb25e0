--liquibase formatted sql

-- Where the server has no lz4, compressing an event's payload with pglz takes more than half of its insert. There new payloads are
-- stored as they are: an event of 4.6 kB takes 5.7 kB of the table instead of 2.0, until retention empties it.

--changeset coachpay:stripe_events_plain_payloads splitStatements:false
do $$
begin
  if not 'lz4' = any ((select enumvals from pg_settings where name = 'default_toast_compression')::text[]) then
    alter table stripe_events alter column payload set storage external;
  end if;
end $$;
--rollback alter table stripe_events alter column payload set storage extended;
