--liquibase formatted sql

-- What moved something on an account of one's own.

--changeset coachpay:policies_ledger_journals runOnChange:true
call guard('ledger_journals');
create policy own_read on ledger_journals for select to app_user using (exists (select from ledger_entries e where e.journal_id = ledger_journals.id));
create policy admin_read on ledger_journals for select to app_admin using (true);
create policy service on ledger_journals to app_service using (true) with check (true);
create policy analyst_read on ledger_journals for select to analyst using (true);
grant select on ledger_journals to app_user;
grant select on ledger_journals to app_admin;
grant select, insert (id, kind, reference, transaction_id, description, occurred_at) on ledger_journals to app_service;
grant select on ledger_journals to analyst;
--rollback call unguard('ledger_journals');
