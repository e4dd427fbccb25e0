--liquibase formatted sql

-- For the service that compares, and for those who look into what it found.

--changeset coachpay:policies_reconciliation_runs runOnChange:true
call guard('reconciliation_runs',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on reconciliation_runs to app_admin;
grant select, insert, update on reconciliation_runs to app_service;
grant select on reconciliation_runs to analyst;
--rollback call unguard('reconciliation_runs');
