--liquibase formatted sql

-- One's own. Nobody may write a balance: post_journals does, with the owner's rights.

--changeset coachpay:policies_ledger_accounts runOnChange:true
call guard('ledger_accounts',
  'own_read for select to app_user using (owner_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on ledger_accounts to app_user;
grant select on ledger_accounts to app_admin;
grant select, insert (id, kind, owner_id, currency) on ledger_accounts to app_service;
grant select on ledger_accounts to analyst;
--rollback call unguard('ledger_accounts');
