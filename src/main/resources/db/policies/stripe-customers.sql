--liquibase formatted sql

-- One's own, and one's company's for its owners.

--changeset coachpay:policies_stripe_customers runOnChange:true
call guard('stripe_customers');
create policy own_read on stripe_customers for select to app_user using (
    (user_id = (select app_user_id())) is true
    or exists (select from organization_members m where m.organization_id = stripe_customers.organization_id
      and m.user_id = (select app_user_id()) and m.role = 'owner'));
create policy admin_read on stripe_customers for select to app_admin using (true);
create policy service on stripe_customers to app_service using (true) with check (true);
grant select on stripe_customers to app_user;
grant select on stripe_customers to app_admin;
grant select, insert, update on stripe_customers to app_service;
--rollback call unguard('stripe_customers');
