--liquibase formatted sql

-- For administrators; written by the service and never changed. What is older than a year may be forgotten.

--changeset coachpay:policies_payment_logs runOnChange:true
call guard('payment_logs');
create policy admin_read on payment_logs for select to app_admin using (true);
create policy service_read on payment_logs for select to app_service using (true);
create policy service_write on payment_logs for insert to app_service with check (true);
create policy service_forget on payment_logs for delete to app_service using (created_at < now() - interval '1 year');
grant select on payment_logs to app_admin;
grant select, insert, delete on payment_logs to app_service;
--rollback call unguard('payment_logs');
