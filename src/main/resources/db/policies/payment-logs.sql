--liquibase formatted sql

-- For administrators; written by the service and never changed.

--changeset coachpay:policies_payment_logs runOnChange:true
call guard('payment_logs',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on payment_logs to app_admin;
grant select, insert on payment_logs to app_service;
--rollback call unguard('payment_logs');
