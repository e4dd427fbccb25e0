--liquibase formatted sql

-- One's own, and one's company's for its owners.

--changeset coachpay:policies_stripe_customers runOnChange:true
call guard('stripe_customers',
  $$own_read for select to app_user using (
    (user_id = (select app_user_id())) is true
    or exists (select from organization_members m where m.organization_id = stripe_customers.organization_id
      and m.user_id = (select app_user_id()) and m.role = 'owner'))$$,
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on stripe_customers to app_user;
grant select on stripe_customers to app_admin;
grant select, insert, update on stripe_customers to app_service;
--rollback call unguard('stripe_customers');
