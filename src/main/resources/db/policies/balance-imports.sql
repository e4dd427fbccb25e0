--liquibase formatted sql

-- The service's bookmarks.

--changeset coachpay:policies_balance_imports runOnChange:true
call guard('balance_imports',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on balance_imports to app_admin;
grant select, insert, update on balance_imports to app_service;
--rollback call unguard('balance_imports');
