--liquibase formatted sql

-- The payer who was sent there sees it, the service writes.

--changeset coachpay:policies_checkout_sessions runOnChange:true
call guard('checkout_sessions',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on checkout_sessions to app_user;
grant select on checkout_sessions to app_admin;
grant select, insert, update on checkout_sessions to app_service;
grant select on checkout_sessions to analyst;
--rollback call unguard('checkout_sessions');
