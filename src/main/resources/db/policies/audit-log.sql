--liquibase formatted sql

-- Administrators read it; triggers alone write it, with the owner's rights.

--changeset coachpay:policies_audit_log runOnChange:true
call guard('audit_log',
  'admin_read for select to app_admin using (true)');
grant select on audit_log to app_admin;
--rollback call unguard('audit_log');
