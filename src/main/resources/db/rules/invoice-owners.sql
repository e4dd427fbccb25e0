--liquibase formatted sql

-- A line or a payment is its invoice's owner's, whatever the statement says. An invoice never changes hands.

--changeset coachpay:invoice_owners runOnChange:true splitStatements:false stripComments:false
create or replace function take_owner_of_invoice() returns trigger
  language plpgsql
  set search_path = public, pg_temp as $$
begin
  new.owner_id := (select coalesce(i.user_id, i.organization_id) from invoices i where i.id = new.invoice_id);
  return new;
end $$;
revoke execute on function take_owner_of_invoice() from public;

create or replace trigger take_owner before insert on invoice_lines
  for each row execute function take_owner_of_invoice();
create or replace trigger take_owner before insert on invoice_payments
  for each row execute function take_owner_of_invoice();
--rollback drop trigger take_owner on invoice_payments;
--rollback drop trigger take_owner on invoice_lines;
--rollback drop function take_owner_of_invoice();
