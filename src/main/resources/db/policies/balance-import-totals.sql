--liquibase formatted sql

-- Sums that a trigger keeps: nobody writes them.

--changeset coachpay:policies_balance_import_totals runOnChange:true
call guard('balance_import_totals',
  'admin_read for select to app_admin using (true)',
  'service for select to app_service using (true)');
grant select on balance_import_totals to app_admin;
grant select on balance_import_totals to app_service;
--rollback call unguard('balance_import_totals');
