--liquibase formatted sql

-- One's own history of credits. post_journals writes it.

--changeset coachpay:policies_wallet_lines runOnChange:true
call guard('wallet_lines',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on wallet_lines to app_user;
grant select on wallet_lines to app_admin;
grant select on wallet_lines to app_service;
grant select on wallet_lines to analyst;
--rollback call unguard('wallet_lines');
