--liquibase formatted sql

-- The fee is between platform and coach: the payer does not see it.

--changeset coachpay:policies_fee_refunds runOnChange:true
call guard('fee_refunds',
  'own_read for select to app_user using (exists (select from transactions t where t.id = transaction_id and t.coach_id = (select app_user_id())))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on fee_refunds to app_user;
grant select on fee_refunds to app_admin;
grant select, insert, update on fee_refunds to app_service;
grant select on fee_refunds to analyst;
--rollback call unguard('fee_refunds');
