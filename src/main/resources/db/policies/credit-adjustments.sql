--liquibase formatted sql

-- One's own, with the reason that was given for it.

--changeset coachpay:policies_credit_adjustments runOnChange:true
call guard('credit_adjustments',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on credit_adjustments to app_user;
grant select on credit_adjustments to app_admin;
grant select, insert on credit_adjustments to app_service;
grant select on credit_adjustments to analyst;
--rollback call unguard('credit_adjustments');
