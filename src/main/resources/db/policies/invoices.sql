--liquibase formatted sql

-- One's own. Stripe decides about invoices, so the service writes. Their addresses open them to anybody: no analyst gets those.

--changeset coachpay:policies_invoices runOnChange:true
call guard('invoices',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on invoices to app_user;
grant select on invoices to app_admin;
grant select, insert on invoices to app_service;
grant update (subscription_id, number, billing_reason, status, amount, subtotal, tax, amount_due, amount_paid, amount_remaining,
  paid_outside, starting_balance, ending_balance, attempt_count, next_payment_attempt, period_start, period_end, due_date,
  finalized_at, paid_at, address_needed, invoice_url, invoice_pdf, addresses_as_of, lines_whole, attempt, check_at, stripe_as_of,
  stripe_told_at) on invoices to app_service;
grant select (id, user_id, organization_id, subscription_id, stripe_invoice_id, stripe_customer_id, stripe_subscription_id, number, billing_reason, status,
  amount, currency, subtotal, tax, amount_due, amount_paid, amount_remaining, paid_outside, starting_balance, ending_balance,
  attempt_count, next_payment_attempt, period_start, period_end, due_date, finalized_at, paid_at, address_needed, lines_whole,
  issued_at, attempt, check_at, stripe_as_of, stripe_told_at, created_at, updated_at) on invoices to analyst;
--rollback call unguard('invoices');
