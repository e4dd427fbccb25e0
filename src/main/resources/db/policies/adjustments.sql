--liquibase formatted sql

-- Decisions by hand are for administrators, who make them, and for analysts.

--changeset coachpay:policies_adjustments runOnChange:true
call guard('adjustments',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on adjustments to app_admin;
grant select, insert on adjustments to app_service;
grant select on adjustments to analyst;
--rollback call unguard('adjustments');
