--liquibase formatted sql

-- The service sets them aside and takes them up again.

--changeset coachpay:policies_unreadable_lines runOnChange:true
call guard('unreadable_lines',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on unreadable_lines to app_admin;
grant select, insert, update, delete on unreadable_lines to app_service;
grant select on unreadable_lines to analyst;
--rollback call unguard('unreadable_lines');
