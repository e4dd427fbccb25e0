--liquibase formatted sql

-- The refunds of a payment that may still reach the payer never sum above what was paid, however many are asked for at once:
-- each is counted under the payment's lock.

--changeset coachpay:refunds_within_payment runOnChange:true splitStatements:false stripComments:false
create or replace function refunds_within_payment() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  paid record;
  live numeric;
begin
  select amount, currency into paid from transactions where id = new.transaction_id for no key update;
  select coalesce(sum(amount), 0) into live from refunds
    where transaction_id = new.transaction_id and id <> new.id and status not in ('refused', 'failed', 'canceled');
  if paid.currency <> new.currency or live + new.amount > paid.amount then
    raise exception 'Of % % paid, % are refunded and % % more are not left', paid.amount, paid.currency, live, new.amount, new.currency
      using errcode = 'check_violation', table = tg_table_name, constraint = 'refunds_within_payment';
  end if;
  return new;
end $$;
revoke execute on function refunds_within_payment() from public;

create or replace trigger within_payment before insert on refunds
  for each row when (new.status not in ('refused', 'failed', 'canceled'))
  execute function refunds_within_payment();
-- Only where something counts more than before: a refund that moves on must not wait for its payment's lock, which others
-- take before the refund's.
create or replace trigger stays_within_payment before update on refunds
  for each row when (new.status not in ('refused', 'failed', 'canceled') and (old.status in ('refused', 'failed', 'canceled')
    or (old.transaction_id, old.amount, old.currency) is distinct from (new.transaction_id, new.amount, new.currency)))
  execute function refunds_within_payment();
--rollback drop trigger stays_within_payment on refunds;
--rollback drop trigger within_payment on refunds;
--rollback drop function refunds_within_payment();
