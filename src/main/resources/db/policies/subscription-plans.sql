--liquibase formatted sql

-- Everybody sees the plans for sale, and the one they subscribe to; an administrator sees and changes all; a plan is put out of sale, never deleted.

--changeset coachpay:policies_subscription_plans runOnChange:true
call guard('subscription_plans',
  'for_sale for select to app_user using (is_active)',
  'own_plan for select to app_user using (exists (select from subscriptions s where s.plan_id = subscription_plans.id))',
  'admin_read for select to app_admin using (true)',
  'admin_insert for insert to app_admin with check (true)',
  'admin_update for update to app_admin using (true) with check (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on subscription_plans to app_user;
grant select, insert on subscription_plans to app_admin;
-- The service writes a price's fields together: another name, or no sale any more, is for Stripe too.
grant update (name, description, trial_days, tier, platform_fee_percentage, credit_bonus_percentage, is_active, sort_order,
  stripe_product_id, stripe_price_id, price_status, price_attempt, price_sought_from, stripe_as_of) on subscription_plans to app_admin;
grant select on subscription_plans to app_service;
-- A price that is put out of sale at Stripe takes its plan along.
grant update (is_active, stripe_product_id, stripe_price_id, price_status, price_attempt, price_sought_from, stripe_as_of,
  push_tried_at) on subscription_plans to app_service;
grant select on subscription_plans to analyst;
--rollback call unguard('subscription_plans');
