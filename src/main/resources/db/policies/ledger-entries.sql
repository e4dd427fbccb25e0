--liquibase formatted sql

-- The lines of one's own accounts. post_journals writes them; the service's right to insert is for the release before, whose
-- balances and line numbers a trigger fills in.

--changeset coachpay:policies_ledger_entries runOnChange:true
call guard('ledger_entries',
  'own_read for select to app_user using (account_id in (select id from ledger_accounts where owner_id = (select app_user_id())))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on ledger_entries to app_user;
grant select on ledger_entries to app_admin;
grant select, insert (id, journal_id, account_id, currency, amount) on ledger_entries to app_service;
grant select on ledger_entries to analyst;
--rollback call unguard('ledger_entries');
