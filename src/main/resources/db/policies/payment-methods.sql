--liquibase formatted sql

-- One's own, and one's company's for its owners, while they are saved. Each change goes to Stripe, so the service writes.

--changeset coachpay:policies_payment_methods runOnChange:true
call guard('payment_methods',
  $$own_read for select to app_user using (detached_at is null and (
    (user_id = (select app_user_id())) is true
    or exists (select from organization_members m where m.organization_id = payment_methods.organization_id
      and m.user_id = (select app_user_id()) and m.role = 'owner')))$$,
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on payment_methods to app_user;
grant select on payment_methods to app_admin;
grant select, insert, update, delete on payment_methods to app_service;
--rollback call unguard('payment_methods');
