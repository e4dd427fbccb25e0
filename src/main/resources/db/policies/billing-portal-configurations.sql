--liquibase formatted sql

-- What is for sale is no secret, but nobody needs it from here.

--changeset coachpay:policies_billing_portal_configurations runOnChange:true
call guard('billing_portal_configurations',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on billing_portal_configurations to app_admin;
grant select, insert on billing_portal_configurations to app_service;
grant update (stripe_configuration_id, is_current, altered_at, attempt) on billing_portal_configurations to app_service;
grant select on billing_portal_configurations to analyst;
--rollback call unguard('billing_portal_configurations');
