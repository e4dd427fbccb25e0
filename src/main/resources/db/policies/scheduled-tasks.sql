--liquibase formatted sql

-- The scheduler's.

--changeset coachpay:policies_scheduled_tasks runOnChange:true
call guard('scheduled_tasks',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on scheduled_tasks to app_admin;
grant select, insert, update, delete on scheduled_tasks to app_service;
--rollback call unguard('scheduled_tasks');
