--liquibase formatted sql

-- When a coach is taken, without by whom. It runs with the owner's rights on purpose: sessions themselves
-- are seen by their two sides alone.

--changeset coachpay:view_busy_times runOnChange:true splitStatements:false stripComments:false
create or replace view busy_times with (security_barrier = true) as
  select coach_id, starts_at, ends_at from sessions where live;
comment on view busy_times is 'Taken times of coaches';
revoke all on busy_times from public, app_user, app_admin, app_service, analyst;
grant select on busy_times to app_user, app_admin, app_service;
--rollback drop view busy_times;
