--liquibase formatted sql

-- Members see who else belongs to their company.

--changeset coachpay:policies_organization_members runOnChange:true
call guard('organization_members',
  'own_read for select to app_user using (organization_id = any ((select app_organization_ids())::uuid[]))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on organization_members to app_user;
grant select on organization_members to app_admin;
grant select, insert, update, delete on organization_members to app_service;
--rollback call unguard('organization_members');
