--liquibase formatted sql

-- One's own; it mirrors Stripe, so the service writes.

--changeset coachpay:policies_stripe_connected_accounts runOnChange:true
call guard('stripe_connected_accounts',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on stripe_connected_accounts to app_user;
grant select on stripe_connected_accounts to app_admin;
grant select, insert, update on stripe_connected_accounts to app_service;
--rollback call unguard('stripe_connected_accounts');
