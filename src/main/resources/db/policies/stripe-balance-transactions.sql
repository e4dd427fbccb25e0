--liquibase formatted sql

-- Stripe's books, for the service and for those who compare; a coach sees those of their account.

--changeset coachpay:policies_stripe_balance_transactions runOnChange:true
call guard('stripe_balance_transactions',
  'own_read for select to app_user
  using (account in (select stripe_account_id from stripe_connected_accounts where user_id = (select app_user_id())))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on stripe_balance_transactions to app_user;
grant select on stripe_balance_transactions to app_admin;
grant select, insert, update on stripe_balance_transactions to app_service;
grant select on stripe_balance_transactions to analyst;
--rollback call unguard('stripe_balance_transactions');
