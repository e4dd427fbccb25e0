--liquibase formatted sql

-- One's own, and one's company's for its owners; the service writes, and forgets those that are long over. Where a person came from is
-- for the service alone. A new column is nobody's before it is named here.

--changeset coachpay:policies_payment_method_setups runOnChange:true
call guard('payment_method_setups',
  $$own_read for select to app_user using (
    (user_id = (select app_user_id())) is true
    or exists (select from organization_members m where m.organization_id = payment_method_setups.organization_id
      and m.user_id = (select app_user_id()) and m.role = 'owner'))$$,
  'admin_read for select to app_admin using (true)',
  'service_read for select to app_service using (true)',
  'service_insert for insert to app_service with check (true)',
  'service_update for update to app_service using (true) with check (true)',
  $$service_forget for delete to app_service using (check_at is null and created_at < now() - interval '7 days')$$);
grant select (id, user_id, organization_id, ui, status, stripe_customer_id, stripe_setup_intent_id, stripe_checkout_session_id,
  stripe_payment_method_id, currency, success_url, cancel_url, failure_code, failure_message, attempt, stripe_as_of, check_at,
  created_at, updated_at) on payment_method_setups to app_user, app_admin;
grant select, insert, update, delete on payment_method_setups to app_service;
--rollback call unguard('payment_method_setups');
