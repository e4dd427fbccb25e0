--liquibase formatted sql

-- What moved something on an account of one's own.

--changeset coachpay:policies_ledger_journals runOnChange:true
call guard('ledger_journals',
  'own_read for select to app_user using (exists (select from ledger_entries e where e.journal_id = ledger_journals.id))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on ledger_journals to app_user;
grant select on ledger_journals to app_admin;
grant select, insert (id, kind, reference, transaction_id, occurred_at) on ledger_journals to app_service;
grant select on ledger_journals to analyst;
--rollback call unguard('ledger_journals');
