--liquibase formatted sql

-- One's own, while they are saved. Each change goes to Stripe first, so the service writes.

--changeset coachpay:policies_payment_methods runOnChange:true
call guard('payment_methods',
  'own_read for select to app_user using (user_id = (select app_user_id()) and detached_at is null)',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on payment_methods to app_user;
grant select on payment_methods to app_admin;
grant select, insert, update, delete on payment_methods to app_service;
--rollback call unguard('payment_methods');
