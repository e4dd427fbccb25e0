--liquibase formatted sql

-- A coach sees what comes to the own account.

--changeset coachpay:policies_transfers runOnChange:true
call guard('transfers');
create policy own_read on transfers for select to app_user using (exists (select from stripe_connected_accounts a where a.id = connected_account_id));
create policy admin_read on transfers for select to app_admin using (true);
create policy service on transfers to app_service using (true) with check (true);
create policy analyst_read on transfers for select to analyst using (true);
grant select on transfers to app_user;
grant select on transfers to app_admin;
grant select, insert, update on transfers to app_service;
grant select on transfers to analyst;
--rollback call unguard('transfers');
