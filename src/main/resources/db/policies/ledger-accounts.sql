--liquibase formatted sql

-- One's own. Nobody may write a balance: the trigger on entries does, with the owner's rights.

--changeset coachpay:policies_ledger_accounts runOnChange:true
call guard('ledger_accounts');
create policy own_read on ledger_accounts for select to app_user using (owner_id = (select app_user_id()));
create policy admin_read on ledger_accounts for select to app_admin using (true);
create policy service on ledger_accounts to app_service using (true) with check (true);
create policy analyst_read on ledger_accounts for select to analyst using (true);
grant select on ledger_accounts to app_user;
grant select on ledger_accounts to app_admin;
grant select, insert (id, kind, owner_id, currency) on ledger_accounts to app_service;
grant select on ledger_accounts to analyst;
--rollback call unguard('ledger_accounts');
