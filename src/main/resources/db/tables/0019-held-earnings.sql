--liquibase formatted sql

-- What a session earned is paid out only some time after it took place.

--changeset coachpay:sessions_earned
create index sessions_earned on sessions (coach_id, (coalesce(cancelled_at, ends_at)));
--rollback drop index sessions_earned;

--changeset coachpay:payouts_released_until
alter table payouts add column released_until timestamptz;
update payouts set released_until = requested_at where initiated_by <> 'dashboard';
alter table payouts add constraint payouts_released check (
  case when initiated_by = 'dashboard' then released_until is null
       else released_until is not null and released_until <= requested_at end);
comment on column payouts.released_until is
  'What was earned by sessions that ended, or were cancelled, until then may be in it; null for those from Stripe''s dashboard';
--rollback alter table payouts drop constraint payouts_released;
--rollback alter table payouts drop column released_until;
