--liquibase formatted sql

-- Holding a slot costs nothing, so it is bounded: how many may be held unpaid (rules/open-holds.sql counts them by these
-- indexes), and for how long in all.

--changeset coachpay:sessions_open_of_mentee runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists sessions_open_of_mentee;
create index concurrently sessions_open_of_mentee on sessions (mentee_id) where status = 'pending_payment';
set lock_timeout = '2s';
--rollback drop index sessions_open_of_mentee;

--changeset coachpay:sessions_open_of_coach runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists sessions_open_of_coach;
create index concurrently sessions_open_of_coach on sessions (coach_id) where status = 'pending_payment';
set lock_timeout = '2s';
--rollback drop index sessions_open_of_coach;

--changeset coachpay:sessions_hold_ends
update sessions set hold_expires_at = created_at + interval '24 hours'
 where status = 'pending_payment' and hold_expires_at - created_at > interval '24 hours';
alter table sessions add constraint sessions_hold_ends
  check (status <> 'pending_payment' or hold_expires_at - created_at <= interval '24 hours') not valid;
--rollback alter table sessions drop constraint sessions_hold_ends;

--changeset coachpay:sessions_hold_ends_valid
alter table sessions validate constraint sessions_hold_ends;
--rollback select 1;
