--liquibase formatted sql

-- Members see their company.

--changeset coachpay:policies_organizations runOnChange:true
call guard('organizations');
create policy own_read on organizations for select to app_user using (id = any ((select app_organization_ids())::uuid[]));
create policy admin_read on organizations for select to app_admin using (true);
create policy service on organizations to app_service using (true) with check (true);
grant select on organizations to app_user;
grant select on organizations to app_admin;
grant select, insert, update on organizations to app_service;
--rollback call unguard('organizations');
