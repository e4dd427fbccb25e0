--liquibase formatted sql

-- The items of a payout sum to it, but for what no line was found for yet; the items of a line never exceed it. A payout that
-- never left, or came back, has none. None of ours takes from a payment whose session had not been over long enough, or that is held for not
-- being as agreed; what such a payment owes may be in it.

--changeset coachpay:payout_items_sum runOnChange:true splitStatements:false stripComments:false
create or replace function payout_check_sum(checked uuid[]) returns void
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  wrong record;
begin
  select p.id, p.status, p.amount - p.unallocated as due, items.amount as held into wrong
    from payouts p
    cross join lateral (select coalesce(sum(i.amount), 0) as amount from payout_items i
                         where i.payout_id = p.id and i.released_at is null) items
   where p.id = any (checked)
     and items.amount <> case when p.status in ('refused', 'failed', 'canceled') then 0 else p.amount - p.unallocated end
   limit 1;
  if found then
    raise exception 'The items of payout % (%) sum to %, not to %', wrong.id, wrong.status, wrong.held, wrong.due
      using errcode = 'check_violation', table = 'payout_items', constraint = 'payout_items_sum_to_payout';
  end if;
end $$;
revoke execute on function payout_check_sum(uuid[]) from public;

create or replace function payout_check_payout() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform payout_check_sum(array[new.id]);
  return null;
end $$;
revoke execute on function payout_check_payout() from public;

create or replace function payout_check_items() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  wrong record;
begin
  -- Two writers that do not see each other's items must not both take the rest of one line.
  perform from coach_profiles where user_id in (
      select distinct p.user_id from payouts p join written w on w.payout_id = p.id)
    order by user_id for no key update;

  perform payout_check_sum(array(select distinct payout_id from written));

  select e.id, e.amount, e.currency, sum(i.amount) as held into wrong
    from (select distinct entry_id from written) w
    join ledger_entries e on e.id = w.entry_id
    join payout_items i on i.entry_id = e.id and i.released_at is null
   group by e.id, e.amount, e.currency
  having sum(i.amount) not between least(e.amount, 0) and greatest(e.amount, 0) or bool_or(sign(i.amount) <> sign(e.amount))
   limit 1;
  if found then
    raise exception 'Payouts take % % of line %, which has %', wrong.held, wrong.currency, wrong.id, wrong.amount
      using errcode = 'check_violation', table = 'payout_items', constraint = 'payout_items_within_line';
  end if;

  select w.id into wrong
    from written w
    join payouts p on p.id = w.payout_id
    join ledger_entries e on e.id = w.entry_id
    join ledger_accounts a on a.id = e.account_id
   where w.currency <> p.currency or w.currency <> e.currency or a.kind <> 'coach_available' or a.owner_id <> p.user_id
   limit 1;
  if found then
    raise exception 'Item % is no line of its coach''s available money in the payout''s currency', wrong.id
      using errcode = 'check_violation', table = 'payout_items', constraint = 'payout_items_of_coach';
  end if;

  select p.id, j.transaction_id, p.released_until into wrong
    from (select distinct w.payout_id, e.journal_id from written w join ledger_entries e on e.id = w.entry_id) touched
    join payouts p on p.id = touched.payout_id and p.released_until is not null
    join ledger_journals touched_by on touched_by.id = touched.journal_id
    join transactions t on t.id = touched_by.transaction_id
    join sessions s on s.id = t.session_id
     and (coalesce(s.cancelled_at, s.ends_at) > p.released_until or t.held_at is not null and t.refunded_amount < t.amount)
    join ledger_journals j on j.transaction_id = t.id
    join ledger_entries e on e.journal_id = j.id
    join payout_items i on i.entry_id = e.id and i.payout_id = p.id and i.released_at is null
   group by p.id, j.transaction_id, touched.journal_id
  having sum(i.amount) > 0
   limit 1;
  if found then
    raise exception 'Payout % takes from payment %, whose session was not over by %, or which is held', wrong.id, wrong.transaction_id,
        wrong.released_until
      using errcode = 'check_violation', table = 'payout_items', constraint = 'payout_items_released';
  end if;
  return null;
end $$;
revoke execute on function payout_check_items() from public;

-- A payout is written before its items, so it is looked at when everything is; its items come by one statement.
drop trigger if exists check_sum on payouts;
create constraint trigger check_sum after insert or update of status, amount, unallocated on payouts
  deferrable initially deferred for each row execute function payout_check_payout();
create or replace trigger check_inserted after insert on payout_items
  referencing new table as written for each statement execute function payout_check_items();
create or replace trigger check_updated after update on payout_items
  referencing new table as written for each statement execute function payout_check_items();
--rollback drop trigger check_updated on payout_items;
--rollback drop trigger check_inserted on payout_items;
--rollback drop trigger check_sum on payouts;
--rollback drop function payout_check_items();
--rollback drop function payout_check_payout();
--rollback drop function payout_check_sum(uuid[]);

-- What Stripe was asked for once, it may have made: whose payout it is, from which account, how much and of what stays as it was written.

--changeset coachpay:payouts_pinned runOnChange:true splitStatements:false stripComments:false
create or replace function refuse_other_payout() returns trigger
  language plpgsql as $$
begin
  raise exception 'Payout % was asked for with another coach, account, amount, bound or fee', old.id
    using errcode = 'check_violation', table = 'payouts', constraint = 'payouts_pinned';
end $$;
revoke execute on function refuse_other_payout() from public;

create or replace trigger pinned before update of user_id, connected_account_id, amount, currency, released_until on payouts for each row
  when ((old.user_id, old.connected_account_id, old.amount, old.currency, old.released_until)
    is distinct from (new.user_id, new.connected_account_id, new.amount, new.currency, new.released_until))
  execute function refuse_other_payout();

-- Its fee stays too, unless it becomes a standard one, and so does what became of the fee.
create or replace trigger pinned_fee before update of fee, stripe_fee_transfer_id, stripe_fee_payment_id, fee_refusal on payouts for each row
  when (old.fee <> new.fee and (new.fee <> 0 or new.method <> 'standard' or old.status <> 'requested')
    or old.stripe_fee_transfer_id <> coalesce(new.stripe_fee_transfer_id, '')
    or old.stripe_fee_payment_id <> coalesce(new.stripe_fee_payment_id, '')
    or old.fee_refusal <> coalesce(new.fee_refusal, ''))
  execute function refuse_other_payout();
--rollback drop trigger pinned_fee on payouts;
--rollback drop trigger pinned on payouts;
--rollback drop function refuse_other_payout();
