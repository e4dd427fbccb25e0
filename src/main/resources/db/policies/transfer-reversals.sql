--liquibase formatted sql

-- A coach sees reversals from their account.

--changeset coachpay:policies_transfer_reversals runOnChange:true
call guard('transfer_reversals',
  'own_read for select to app_user using (exists (select from transfers t where t.id = transfer_id))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on transfer_reversals to app_user;
grant select on transfer_reversals to app_admin;
grant select, insert, update on transfer_reversals to app_service;
grant select on transfer_reversals to analyst;
--rollback call unguard('transfer_reversals');
