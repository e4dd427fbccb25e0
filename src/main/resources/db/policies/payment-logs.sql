--liquibase formatted sql

-- For administrators; written by the service and never changed. What is older than a year may be forgotten.

--changeset coachpay:policies_payment_logs runOnChange:true
call guard('payment_logs',
  'admin_read for select to app_admin using (true)',
  'service_read for select to app_service using (true)',
  'service_write for insert to app_service with check (true)',
  'service_forget for delete to app_service using (created_at < now() - interval ''1 year'')');
grant select on payment_logs to app_admin;
grant select, insert, delete on payment_logs to app_service;
--rollback call unguard('payment_logs');
