--liquibase formatted sql

-- The service's own bookkeeping; administrators may look.

--changeset coachpay:policies_payout_listings runOnChange:true
call guard('payout_listings',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on payout_listings to app_admin;
grant select, insert, update on payout_listings to app_service;
--rollback call unguard('payout_listings');
