--liquibase formatted sql

-- The platform's own sums.

--changeset coachpay:policies_ledger_daily_totals runOnChange:true
call guard('ledger_daily_totals',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on ledger_daily_totals to app_admin;
grant select, insert, update on ledger_daily_totals to app_service;
grant select on ledger_daily_totals to analyst;
--rollback call unguard('ledger_daily_totals');
