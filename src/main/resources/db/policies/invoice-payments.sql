--liquibase formatted sql

-- Seen by the owner of their invoice.

--changeset coachpay:policies_invoice_payments runOnChange:true
call guard('invoice_payments',
  'own_read for select to app_user using (owner_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on invoice_payments to app_user;
grant select on invoice_payments to app_admin;
grant select, insert on invoice_payments to app_service;
grant update (amount, tax, booked, status, paid_at, transaction_id) on invoice_payments to app_service;
grant select on invoice_payments to analyst;
--rollback call unguard('invoice_payments');
