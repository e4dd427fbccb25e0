--liquibase formatted sql

-- The service's bookmarks.

--changeset coachpay:policies_event_marks runOnChange:true
call guard('event_marks',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on event_marks to app_admin;
grant select, insert, update on event_marks to app_service;
--rollback call unguard('event_marks');
