--liquibase formatted sql

-- Seen by the owner of their invoice. A draft's are replaced.

--changeset coachpay:policies_invoice_lines runOnChange:true
call guard('invoice_lines',
  'own_read for select to app_user using (owner_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on invoice_lines to app_user;
grant select on invoice_lines to app_admin;
grant select, insert, delete on invoice_lines to app_service;
grant select on invoice_lines to analyst;
--rollback call unguard('invoice_lines');
