--liquibase formatted sql

-- A coach's payouts are the coach's.

--changeset coachpay:policies_payouts runOnChange:true
call guard('payouts',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on payouts to app_user;
grant select on payouts to app_admin;
grant select, insert, update on payouts to app_service;
grant select on payouts to analyst;
--rollback call unguard('payouts');
