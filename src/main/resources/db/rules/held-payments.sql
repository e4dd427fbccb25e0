--liquibase formatted sql

-- What was agreed stays as it was agreed. Only a payment that Stripe took differently takes over other figures, once; it is
-- booked as held, and buys nothing. What an invoice asks for is Stripe's to say until it is paid.

--changeset coachpay:keep_agreement runOnChange:true splitStatements:false stripComments:false
create or replace function refuse_other_agreement() returns trigger
  language plpgsql as $$
begin
  raise exception 'What was agreed about payment % cannot be changed', old.id
    using errcode = 'check_violation', table = tg_table_name, constraint = 'transactions_keep_agreement';
end $$;
revoke execute on function refuse_other_agreement() from public;

-- Afterwards, so that a figure which no payment can have is told as that.
create or replace trigger keep_agreement after update of amount, currency, platform_fee, coach_payout, destination_account, held_at
  on transactions for each row
  when ((old.amount, old.currency, old.platform_fee, old.coach_payout, old.destination_account, old.held_at)
        is distinct from (new.amount, new.currency, new.platform_fee, new.coach_payout, new.destination_account, new.held_at)
    and (old.held_at is not null or new.held_at is null or old.status in ('completed', 'partially_refunded', 'refunded'))
    and not (old.type = 'subscription_payment' and old.status in ('pending', 'processing', 'failed', 'canceled')
             and (old.currency, old.platform_fee, old.coach_payout, old.destination_account, old.held_at)
                 is not distinct from (new.currency, new.platform_fee, new.coach_payout, new.destination_account, new.held_at)))
  execute function refuse_other_agreement();
--rollback drop trigger keep_agreement on transactions;
--rollback drop function refuse_other_agreement();

--changeset coachpay:booked_as_taken runOnChange:true splitStatements:false stripComments:false
create or replace function booked_as_taken() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if exists (select from transactions t where t.id = new.transaction_id
                and (t.held_at is not null) <> (new.kind = 'payment_held')) then
    raise exception 'Payment % is not booked as %', new.transaction_id, new.kind
      using errcode = 'check_violation', table = tg_table_name, constraint = 'ledger_journals_as_taken';
  end if;
  return new;
end $$;
revoke execute on function booked_as_taken() from public;

create or replace trigger as_taken before insert on ledger_journals
  for each row when (new.kind in ('session_paid', 'credits_bought', 'subscription_paid', 'payment_held')) execute function booked_as_taken();
--rollback drop trigger as_taken on ledger_journals;
--rollback drop function booked_as_taken();

--changeset coachpay:bought_as_agreed runOnChange:true splitStatements:false stripComments:false
create or replace function bought_as_agreed() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if exists (select from transactions t where t.stripe_payment_intent_id = new.stripe_payment_intent_id
                and t.held_at is not null) then
    raise exception '% is held and buys nothing', new.stripe_payment_intent_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'sessions_bought_as_agreed';
  end if;
  return new;
end $$;
revoke execute on function bought_as_agreed() from public;

create or replace trigger bought_as_agreed before update of status, stripe_payment_intent_id on sessions
  for each row when (new.status = 'confirmed') execute function bought_as_agreed();
--rollback drop trigger bought_as_agreed on sessions;
--rollback drop function bought_as_agreed();
