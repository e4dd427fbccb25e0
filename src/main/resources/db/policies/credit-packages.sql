--liquibase formatted sql

-- Everybody sees the packages for sale, an administrator sees and changes all; a package is put out of sale, never deleted.

--changeset coachpay:policies_credit_packages runOnChange:true
call guard('credit_packages',
  'for_sale for select to app_user using (is_active)',
  'admin_read for select to app_admin using (true)',
  'admin_insert for insert to app_admin with check (true)',
  'admin_update for update to app_admin using (true) with check (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on credit_packages to app_user;
grant select, insert on credit_packages to app_admin;
-- The service writes an amount with its currency, which is frozen, and a product's fields together: another name is for Stripe too.
grant update (name, description, amount, currency, credit_amount, is_active, sort_order, stripe_product_id, product_status,
  product_attempt, product_sought_from) on credit_packages to app_admin;
grant select on credit_packages to app_service;
grant update (stripe_product_id, product_status, product_attempt, product_sought_from, push_tried_at)
  on credit_packages to app_service;
grant select on credit_packages to analyst;
--rollback call unguard('credit_packages');
