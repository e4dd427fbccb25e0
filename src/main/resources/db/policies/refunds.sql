--liquibase formatted sql

-- Those who see the payment see its refunds.

--changeset coachpay:policies_refunds runOnChange:true
call guard('refunds',
  'own_read for select to app_user using (exists (select from transactions t where t.id = transaction_id))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on refunds to app_user;
grant select on refunds to app_admin;
grant select, insert, update on refunds to app_service;
grant select on refunds to analyst;
--rollback call unguard('refunds');
