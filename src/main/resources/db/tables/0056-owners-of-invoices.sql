--liquibase formatted sql

-- Lines and payments name the owner of their invoice, so that reading them does not look at the invoice again for each.

--changeset coachpay:invoice_lines_owner
alter table invoice_lines add column owner_id uuid;
comment on column invoice_lines.owner_id is 'The user or the organization of the invoice';
--rollback alter table invoice_lines drop column owner_id;

--changeset coachpay:invoice_lines_owner_of_before
update invoice_lines l set owner_id = coalesce(i.user_id, i.organization_id) from invoices i where i.id = l.invoice_id;
alter table invoice_lines add constraint invoice_lines_owner check (owner_id is not null) not valid;
--rollback alter table invoice_lines drop constraint invoice_lines_owner;

--changeset coachpay:invoice_lines_owner_valid
alter table invoice_lines validate constraint invoice_lines_owner;
--rollback select 1;

--changeset coachpay:invoice_payments_owner
alter table invoice_payments add column owner_id uuid;
comment on column invoice_payments.owner_id is 'The user or the organization of the invoice';
--rollback alter table invoice_payments drop column owner_id;

--changeset coachpay:invoice_payments_owner_of_before
update invoice_payments p set owner_id = coalesce(i.user_id, i.organization_id) from invoices i where i.id = p.invoice_id;
alter table invoice_payments add constraint invoice_payments_owner check (owner_id is not null) not valid;
--rollback alter table invoice_payments drop constraint invoice_payments_owner;

--changeset coachpay:invoice_payments_owner_valid
alter table invoice_payments validate constraint invoice_payments_owner;
--rollback select 1;
