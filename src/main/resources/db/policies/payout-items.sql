--liquibase formatted sql

-- The lines of a payout, for those who see the payout.

--changeset coachpay:policies_payout_items runOnChange:true
call guard('payout_items',
  'own_read for select to app_user using (exists (select from payouts p where p.id = payout_id))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on payout_items to app_user;
grant select on payout_items to app_admin;
grant select, insert, update on payout_items to app_service;
grant select on payout_items to analyst;
--rollback call unguard('payout_items');
