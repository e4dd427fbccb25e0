--liquibase formatted sql

-- What is said in defence is the coach's and the platform's affair, so the payer does not see it.

--changeset coachpay:policies_disputes runOnChange:true
call guard('disputes',
  'own_read for select to app_user using (exists (select from transactions t where t.id = transaction_id and t.coach_id = (select app_user_id())))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on disputes to app_user;
grant select on disputes to app_admin;
grant select, insert, update on disputes to app_service;
grant select on disputes to analyst;
--rollback call unguard('disputes');
