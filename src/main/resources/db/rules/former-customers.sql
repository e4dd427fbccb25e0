--liquibase formatted sql

-- A customer at Stripe gives way to another where Stripe does not have it any more, and its id is kept: its invoices are still its
-- owner's.

--changeset coachpay:former_customers runOnChange:true splitStatements:false stripComments:false
create or replace function former_customers() returns trigger
  language plpgsql as $$
begin
  new.former_customers := old.former_customers || old.stripe_customer_id;
  return new;
end $$;
revoke execute on function former_customers() from public;

create or replace trigger former before update on stripe_customers
  for each row when (old.stripe_customer_id is not null and new.stripe_customer_id is distinct from old.stripe_customer_id)
  execute function former_customers();
--rollback drop trigger former on stripe_customers;
--rollback drop function former_customers();
