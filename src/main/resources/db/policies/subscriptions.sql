--liquibase formatted sql

-- One's own. Each change goes to Stripe first, so the service writes.

--changeset coachpay:policies_subscriptions runOnChange:true
call guard('subscriptions',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on subscriptions to app_user;
grant select on subscriptions to app_admin;
grant select, insert on subscriptions to app_service;
grant update (plan_id, status, is_surplus, stripe_price_id, stripe_subscription_id, stripe_checkout_session_id, attempt, check_at, past_due_since,
  current_period_start, current_period_end, cancel_at, cancel_at_period_end, canceled_at, ended_at, cancellation_reason,
  trial_start, trial_end, pending_price_id, pending_expires_at, collection_paused, default_payment_method, payment_method, wanted_price_id, prorated_at,
  change_attempt, change_ends_trial, price_since, trial_product_ids, latest_invoice, missing_at,
  stripe_as_of, stripe_told_at)
  on subscriptions to app_service;
grant select on subscriptions to analyst;
--rollback call unguard('subscriptions');
