--liquibase formatted sql

-- Payer and coach see a payment, the service writes it.
-- CASE is no index condition, and is taken to hold for half of the rows. An OR would be one, or be taken to hold for hardly
-- any row; either way PostgreSQL would read and sort a busy coach's whole history for one page.

--changeset coachpay:policies_transactions runOnChange:true
call guard('transactions',
  'own_read for select to app_user using (case when coach_id = (select app_user_id()) then true else payer_id = (select app_user_id()) end)',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on transactions to app_user;
grant select on transactions to app_admin;
grant select, insert, update on transactions to app_service;
grant select on transactions to analyst;
--rollback call unguard('transactions');
