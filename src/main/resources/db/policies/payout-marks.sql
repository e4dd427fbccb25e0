--liquibase formatted sql

-- The service's own bookkeeping; administrators may look.

--changeset coachpay:policies_payout_marks runOnChange:true
call guard('payout_marks',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on payout_marks to app_admin;
grant select, insert, update on payout_marks to app_service;
--rollback call unguard('payout_marks');
