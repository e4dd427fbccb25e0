--liquibase formatted sql

-- Payer and coach see a payment, the service writes it. Analysts see all of it but the payer's address, which is for
-- analyst_personal. A new column is nobody's figure until it is named here.
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
grant select (id, type, status, method, amount, currency, platform_fee, coach_payout, credit_amount, refunded_amount,
  payer_id, coach_id, session_id, destination_account, on_behalf_of, attempt, expires_at, check_at, completed_at,
  stripe_payment_intent_id, stripe_charge_id, stripe_application_fee_id, stripe_transfer_id, stripe_checkout_session_id,
  stripe_customer_id, stripe_payment_method_id, payment_method_type, package_name, failure_code, decline_code,
  failure_message, description, metadata, created_at, updated_at, stripe_as_of, refund_due, refund_due_reason, late_at,
  surplus, refused_at, held_at, mismatch, disputed_amount, lost_amount, package_id, credits_taken_back, deferred_credits,
  save_card, bonus_percentage, bonus_credits, failure_withheld) on transactions to analyst;
grant select (customer_email) on transactions to analyst_personal;
--rollback call unguard('transactions');
