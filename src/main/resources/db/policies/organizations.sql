--liquibase formatted sql

-- Members see their company.

--changeset coachpay:policies_organizations runOnChange:true
call guard('organizations',
  'own_read for select to app_user using (id = any ((select app_organization_ids())::uuid[]))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on organizations to app_user;
grant select on organizations to app_admin;
grant select, insert, update on organizations to app_service;
--rollback call unguard('organizations');
