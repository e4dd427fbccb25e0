--liquibase formatted sql

-- Every table begins closed: nobody has a right, no row can be seen. Each file beside this one opens one table
-- just as far as it says, and can be changed and run again.
--
-- The owner is bound too (FORCE) and gets a policy of its own, for migrations and for the triggers that run with its rights.

--changeset coachpay:guard runOnChange:true splitStatements:false stripComments:false
create or replace procedure unguard(guarded regclass) language plpgsql as $$
declare
  policy name;
begin
  for policy in select polname from pg_policy where polrelid = guarded loop
    execute format('drop policy %I on %s', policy, guarded);
  end loop;
  execute format('revoke all on %s from public, app_user, app_admin, app_service, analyst', guarded);
  execute format('alter table %s disable row level security, no force row level security', guarded);
end $$;
revoke execute on procedure unguard(regclass) from public;

create or replace procedure guard(guarded regclass) language plpgsql as $$
begin
  call unguard(guarded);
  execute format('alter table %s enable row level security, force row level security', guarded);
  execute format('create policy owner on %s to coachpay_owner using (true) with check (true)', guarded);
end $$;
revoke execute on procedure guard(regclass) from public;
--rollback drop procedure guard(regclass); drop procedure unguard(regclass);
