--liquibase formatted sql

-- A movement at Stripe is booked once: by its fact, or as an adjustment, never by both. The second of the two is refused, even
-- when both come at the same moment: booking a fact takes a shared lock, an adjustment the whole.

--changeset coachpay:line_keeps_its_fact runOnChange:true splitStatements:false stripComments:false
create or replace function line_keeps_its_fact() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.fact_journal_id is not null and new.fact_journal_id is distinct from old.fact_journal_id then
    raise exception '% belongs to a fact already', new.stripe_balance_transaction_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'stripe_balance_transactions_fact';
  end if;
  if exists (
      select from ledger_journals j
       where j.id = new.fact_journal_id and j.kind = 'adjusted'
         and (j.reference <> new.stripe_balance_transaction_id
              or not exists (
                   select from ledger_entries e join ledger_accounts a on a.id = e.account_id
                     left join stripe_connected_accounts c on c.user_id = a.owner_id
                    where e.journal_id = j.id and e.currency = new.currency and a.kind <> 'external'
                      and case when a.owner_id is null then new.account = 'platform'
                               else c.stripe_account_id = new.account or c.replaced_accounts @> array[new.account] end
                   having sum(e.amount) = new.net))) then
    raise exception 'The adjustment is not what % says', new.stripe_balance_transaction_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'stripe_balance_transactions_adjusted';
  end if;
  return new;
end $$;
revoke execute on function line_keeps_its_fact() from public;

create or replace trigger keep_fact before insert or update of fact_journal_id on stripe_balance_transactions
  for each row execute function line_keeps_its_fact();
--rollback drop trigger keep_fact on stripe_balance_transactions;
--rollback drop function line_keeps_its_fact();

--changeset coachpay:adjusted_is_a_line runOnChange:true splitStatements:false stripComments:false
create or replace function adjusted_is_a_line() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if not exists (select from stripe_balance_transactions b where b.fact_journal_id = new.id) then
    raise exception 'Nothing at Stripe says %', new.reference
      using errcode = 'check_violation', table = tg_table_name, constraint = 'ledger_journals_adjusted';
  end if;
  return null;
end $$;
revoke execute on function adjusted_is_a_line() from public;

drop trigger if exists adjusted_is_a_line on ledger_journals;
create constraint trigger adjusted_is_a_line after insert on ledger_journals
  deferrable initially deferred for each row when (new.kind = 'adjusted')
  execute function adjusted_is_a_line();
--rollback drop trigger adjusted_is_a_line on ledger_journals;
--rollback drop function adjusted_is_a_line();

--changeset coachpay:known_source runOnChange:true splitStatements:false stripComments:false
-- Whether a fact was booked, or will be, for an object at Stripe.
create or replace function known_source(source text) returns boolean
  language sql stable as $$
  select exists (select from ledger_journals j where j.reference = source and j.kind = any (array['session_paid', 'payment_held', 'refunded',
           'refund_failed', 'transfer_reversed', 'fee_refunded', 'refund_repaid', 'dispute_repaid', 'dispute_recovered',
           'payout_created', 'payout_paid', 'payout_failed', 'instant_fee']))
      or exists (select from transactions t where t.stripe_charge_id = source)
      or exists (select from transactions t where t.stripe_application_fee_id = source)
      or exists (select from refunds r where r.stripe_refund_id = source)
      or exists (select from transfers t where t.stripe_transfer_id = source)
      or exists (select from transfers t where t.stripe_destination_payment_id = source)
      or exists (select from transfer_reversals v where v.stripe_reversal_id = source)
      or exists (select from transfer_reversals v where v.stripe_destination_payment_refund_id = source)
      or exists (select from disputes d where d.stripe_dispute_id = source)
      or exists (select from payouts p where p.stripe_payout_id = source)
      or exists (select from payouts p where p.stripe_fee_transfer_id = source)
      or exists (select from payouts p where p.stripe_fee_payment_id = source);
$$;
revoke execute on function known_source(text) from public;
grant execute on function known_source(text) to app_service;
--rollback drop function known_source(text);

--changeset coachpay:awaits_transfer runOnChange:true splitStatements:false stripComments:false
-- Whether a payment to a coach's account was booked whose transfer nobody has told of: then any line there may be its. What was paid
-- with credits made none: its coach is paid by a request of ours.
create or replace function awaits_transfer(account text) returns boolean
  language sql stable as $$
  select exists (
      select from transactions t
       where t.destination_account = account and t.status in ('completed', 'partially_refunded', 'refunded')
         and t.method is distinct from 'credits'
         and not exists (select from transfers r where r.transaction_id = t.id and r.purpose = 'payment'));
$$;
revoke execute on function awaits_transfer(text) from public;
grant execute on function awaits_transfer(text) to app_service;
--rollback drop function awaits_transfer(text);

--changeset coachpay:adjusts_alone runOnChange:true splitStatements:false stripComments:false
-- Takes the whole lock, or says that it could not: whoever books a fact may hold the shared one and wait for the coach that
-- the adjustment holds. It gives way before the database would have to end one of the two.
create or replace function adjusts_alone() returns boolean
  language plpgsql set lock_timeout = '500ms' as $$
begin
  perform pg_advisory_xact_lock(hashtext('adjustments'));
  return true;
exception when lock_not_available then
  return false;
end $$;
revoke execute on function adjusts_alone() from public;
grant execute on function adjusts_alone() to app_service;
--rollback drop function adjusts_alone();

--changeset coachpay:adjustment_alone runOnChange:true splitStatements:false stripComments:false
create or replace function adjustment_alone() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('adjustments'));
  if not exists (
      select from stripe_balance_transactions b join ledger_journals j on j.id = b.fact_journal_id
       where b.id = new.balance_transaction_id and j.id = new.journal_id and j.kind = 'adjusted'
         and (new.source is null or new.source = b.source)) then
    raise exception 'An adjustment is booked as its balance transaction says'
      using errcode = 'check_violation', table = tg_table_name, constraint = 'adjustments_line';
  end if;
  if exists (select from stripe_balance_transactions b where b.id = new.balance_transaction_id and b.type = 'payment'
                and b.account <> 'platform' and awaits_transfer(b.account)) then
    raise exception '% may be a payment of ours', new.source
      using errcode = 'check_violation', table = tg_table_name, constraint = 'adjustments_transfer_heard';
  end if;
  if known_source(new.source) then
    raise exception '% is known already', new.source
      using errcode = 'check_violation', table = tg_table_name, constraint = 'adjustments_source_unknown';
  end if;
  return new;
end $$;
revoke execute on function adjustment_alone() from public;

create or replace trigger alone before insert on adjustments
  for each row execute function adjustment_alone();
create or replace trigger append_only before update or delete or truncate on adjustments
  for each statement execute function refuse_change();
create or replace trigger audit after insert on adjustments
  for each row execute function audit('reason');
--rollback drop trigger audit on adjustments;
--rollback drop trigger append_only on adjustments;
--rollback drop trigger alone on adjustments;
--rollback drop function adjustment_alone();

--changeset coachpay:refuse_adjusted runOnChange:true splitStatements:false stripComments:false
-- A trigger's arguments name the columns that hold what a fact is known by.
create or replace function refuse_adjusted() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  known constant jsonb := to_jsonb(new);
  was   constant jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  name  text;
begin
  foreach name in array tg_argv loop
    if known ->> name is not null and known -> name is distinct from was -> name then
      perform pg_advisory_xact_lock_shared(hashtext('adjustments'));
      if exists (select from adjustments a where a.source = known ->> name) then
        raise exception '% was booked by hand', known ->> name
          using errcode = 'check_violation', table = tg_table_name, constraint = 'adjustments_source_alone';
      end if;
    end if;
  end loop;
  return new;
end $$;
revoke execute on function refuse_adjusted() from public;

create or replace trigger refuse_adjusted before insert on ledger_journals
  for each row execute function refuse_adjusted('reference');
create or replace trigger refuse_adjusted before insert or update of stripe_charge_id, stripe_application_fee_id on transactions
  for each row execute function refuse_adjusted('stripe_charge_id', 'stripe_application_fee_id');
create or replace trigger refuse_adjusted before insert or update of stripe_transfer_id, stripe_destination_payment_id on transfers
  for each row execute function refuse_adjusted('stripe_transfer_id', 'stripe_destination_payment_id');
create or replace trigger refuse_adjusted before insert or update of stripe_reversal_id, stripe_destination_payment_refund_id
  on transfer_reversals
  for each row execute function refuse_adjusted('stripe_reversal_id', 'stripe_destination_payment_refund_id');
create or replace trigger refuse_adjusted before insert on disputes
  for each row execute function refuse_adjusted('stripe_dispute_id');
create or replace trigger refuse_adjusted before update of stripe_fee_transfer_id, stripe_fee_payment_id on payouts
  for each row execute function refuse_adjusted('stripe_fee_transfer_id', 'stripe_fee_payment_id');
--rollback drop trigger refuse_adjusted on payouts;
--rollback drop trigger refuse_adjusted on disputes;
--rollback drop trigger refuse_adjusted on transfer_reversals;
--rollback drop trigger refuse_adjusted on transfers;
--rollback drop trigger refuse_adjusted on transactions;
--rollback drop trigger refuse_adjusted on ledger_journals;
--rollback drop function refuse_adjusted();
