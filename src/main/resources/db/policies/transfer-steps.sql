--liquibase formatted sql

-- A coach sees requests to move money to or from their account.

--changeset coachpay:policies_transfer_steps runOnChange:true
call guard('transfer_steps',
  'own_read for select to app_user using (exists (select from transactions t where t.id = transaction_id and t.coach_id = (select app_user_id())))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on transfer_steps to app_user;
grant select on transfer_steps to app_admin;
grant select, insert, update on transfer_steps to app_service;
grant select on transfer_steps to analyst;
--rollback call unguard('transfer_steps');
