--liquibase formatted sql

-- The platform's own sums.

--changeset coachpay:policies_ledger_daily_totals runOnChange:true
call guard('ledger_daily_totals');
create policy admin_read on ledger_daily_totals for select to app_admin using (true);
create policy service on ledger_daily_totals to app_service using (true) with check (true);
create policy analyst_read on ledger_daily_totals for select to analyst using (true);
grant select on ledger_daily_totals to app_admin;
grant select, insert, update on ledger_daily_totals to app_service;
grant select on ledger_daily_totals to analyst;
--rollback call unguard('ledger_daily_totals');
