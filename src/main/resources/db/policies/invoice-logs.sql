--liquibase formatted sql

-- For administrators; written by the service and never changed.

--changeset coachpay:policies_invoice_logs runOnChange:true
call guard('invoice_logs',
  'admin_read for select to app_admin using (true)',
  'service_read for select to app_service using (true)',
  'service_write for insert to app_service with check (true)');
grant select on invoice_logs to app_admin;
grant select, insert on invoice_logs to app_service;
--rollback call unguard('invoice_logs');
