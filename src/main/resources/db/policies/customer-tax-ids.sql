--liquibase formatted sql

-- Those of a customer that one may see. Analysts see neither customers nor these.

--changeset coachpay:policies_customer_tax_ids runOnChange:true
call guard('customer_tax_ids',
  $$own_read for select to app_user using (
    removed_at is null and exists (select from stripe_customers c where c.id = customer_tax_ids.customer_id))$$,
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on customer_tax_ids to app_user, app_admin;
grant select, insert on customer_tax_ids to app_service;
grant update (value, verification, stripe_as_of, removed_at) on customer_tax_ids to app_service;
--rollback call unguard('customer_tax_ids');
