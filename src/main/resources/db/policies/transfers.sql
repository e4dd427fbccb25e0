--liquibase formatted sql

-- A coach sees transfers to their account.

--changeset coachpay:policies_transfers runOnChange:true
call guard('transfers',
  'own_read for select to app_user using (exists (select from stripe_connected_accounts a where a.id = connected_account_id))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on transfers to app_user;
grant select on transfers to app_admin;
grant select, insert, update on transfers to app_service;
grant select on transfers to analyst;
--rollback call unguard('transfers');
