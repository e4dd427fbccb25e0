--liquibase formatted sql

-- Seen with their invoice. The address of one opens it to anybody: no analyst gets it.

--changeset coachpay:policies_credit_notes runOnChange:true
call guard('credit_notes',
  'own_read for select to app_user using (exists (select from invoices i where i.id = credit_notes.invoice_id))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on credit_notes to app_user;
grant select on credit_notes to app_admin;
grant select, insert on credit_notes to app_service;
grant update (stripe_credit_note_id, number, status, amount, before_payment, after_payment, pdf, failure_code, attempt, check_at,
  stripe_as_of) on credit_notes to app_service;
grant select (id, invoice_id, refund_id, stripe_credit_note_id, number, status, amount, currency, before_payment, after_payment,
  reason, failure_code, attempt, check_at, stripe_as_of, created_at, updated_at) on credit_notes to analyst;
--rollback call unguard('credit_notes');
