--liquibase formatted sql

-- Journals are posted by one function: it locks what they move, works out each account's history, and writes each account and each
-- profile once. What it worked out is checked by the triggers on entries (ledger-balances.sql). An entry on a wallet becomes a line
-- of its owner's history as well.
--
-- Lock order: journals by kind and reference, profiles by user, accounts by owner and id, the capacity for credits by currency.

--changeset coachpay:post_journals runOnChange:true splitStatements:false stripComments:false
-- Returns the ids of the journals that were new; null when an account is missing, and then nothing was written.
--
-- A plan is made once, for arrays of any length, and reads by index even where it was made while the tables were empty.
create or replace function post_journals(
    journal_ids uuid[], journal_kinds text[], journal_references text[], transaction_ids uuid[], times timestamptz[],
    entry_ids uuid[], entry_journals uuid[], account_kinds text[], owners uuid[], currencies char(3)[], amounts numeric[])
  returns uuid[]
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off as $$
declare
  accounts uuid[];
  fresh    uuid[];
  owned    uuid[];
  balances numeric[];
  lines    bigint[];
  held     numeric;
  line     bigint;
  currency_moved char(3);
begin
  -- In two halves, because "is not distinct from" uses no index.
  accounts := array(
    select case when l.owner_id is null
             then (select a.id from ledger_accounts a where a.owner_id is null and a.kind = l.kind and a.currency = l.currency)
             else (select a.id from ledger_accounts a where a.owner_id = l.owner_id and a.kind = l.kind and a.currency = l.currency)
           end
      from unnest(account_kinds, owners, currencies) as l (kind, owner_id, currency));
  if array_position(accounts, null) is not null then
    -- Whoever opens an account and waits for its owner's profile would keep its holder from opening it too, and wait forever.
    perform from coach_profiles where user_id = any (owners) order by user_id for no key update;
    return null;
  end if;

  with written as (
    insert into ledger_journals (id, kind, reference, transaction_id, occurred_at)
    select id, kind, reference, transaction_id, occurred_at
      from unnest(journal_ids, journal_kinds, journal_references, transaction_ids, times) with ordinality
           as j (id, kind, reference, transaction_id, occurred_at, place)
     order by kind, reference, place
    on conflict on constraint ledger_journals_once do nothing
    returning id)
  select coalesce(array_agg(id), '{}') into fresh from written;
  if cardinality(fresh) < cardinality(journal_ids) then
    select array_agg(l.id), array_agg(l.journal_id), array_agg(l.account_id), array_agg(l.kind), array_agg(l.owner_id),
           array_agg(l.currency), array_agg(l.amount)
      into entry_ids, entry_journals, accounts, account_kinds, owners, currencies, amounts
      from unnest(entry_ids, entry_journals, accounts, account_kinds, owners, currencies, amounts)
           as l (id, journal_id, account_id, kind, owner_id, currency, amount)
     where l.journal_id = any (fresh);
  end if;
  if entry_ids is null then
    return fresh;
  end if;

  balances := array_fill(null::numeric, array[cardinality(entry_ids)]);
  lines := array_fill(null::bigint, array[cardinality(entry_ids)]);
  owned := array_remove(owners, null);
  if cardinality(fresh) = 1 and cardinality(array_remove(owned, owned[1])) = 0 then
    -- One journal of one owner, row by row: statements over sets cost more to start than its few rows take. The owner's profile
    -- keeps other writers from its accounts; where there is none, the accounts are locked in order.
    for entry in 1 .. cardinality(entry_ids) loop
      continue when owners[entry] is null;
      update coach_profiles set
        pending_balance = pending_balance + case when account_kinds[entry] = 'coach_pending' then amounts[entry] else 0 end,
        available_balance = available_balance + case when account_kinds[entry] = 'coach_available' then amounts[entry] else 0 end,
        total_earnings = total_earnings + amounts[entry]
      where user_id = owners[entry] and currency = currencies[entry] and account_kinds[entry] like 'coach%';
      if not found then
        perform from coach_profiles where user_id = owners[entry] for no key update;
        if not found then
          perform from ledger_accounts where id = any (accounts) and owner_id is not null order by id for no key update;
        end if;
      end if;
      update ledger_accounts a set balance = a.balance + amounts[entry], lines = a.lines + 1, updated_at = now()
        where a.id = accounts[entry]
        returning a.balance, a.lines into held, line;
      balances[entry] := held;
      lines[entry] := line;
    end loop;
  else
    -- A profile is locked before any of its owner's accounts, even where nothing changes in it. Locked after the first account, it
    -- would let two writers that share an owner but not the first account wait for each other.
    perform from coach_profiles where user_id = any (owned) order by user_id for no key update;
    perform from ledger_accounts where id = any (accounts) and owner_id is not null order by owner_id, id for no key update;

    update coach_profiles p set
      pending_balance = p.pending_balance + moved.pending,
      available_balance = p.available_balance + moved.available,
      total_earnings = p.total_earnings + moved.total
    from (select owner_id, currency, coalesce(sum(amount) filter (where kind = 'coach_pending'), 0) as pending,
                 coalesce(sum(amount) filter (where kind = 'coach_available'), 0) as available, sum(amount) as total
            from unnest(owners, account_kinds, currencies, amounts) as l (owner_id, kind, currency, amount)
           where kind like 'coach%' group by owner_id, currency) moved
    where p.user_id = moved.owner_id and p.currency = moved.currency;

    with moved as (
      update ledger_accounts a set balance = a.balance + l.amount, lines = a.lines + l.lines, updated_at = now()
        from (select account_id, sum(amount) as amount, count(*) as lines
                from unnest(accounts, amounts) as l (account_id, amount) group by account_id) l
       where a.id = l.account_id and a.owner_id is not null
      returning a.id, a.balance - l.amount as balance, a.lines - l.lines as lines)
    select array_agg(entered.balance order by place), array_agg(entered.line order by place) into balances, lines
      from (select l.place, m.balance + sum(l.amount) over history as balance, m.lines + row_number() over history as line
              from unnest(accounts, entry_ids, amounts) with ordinality as l (account_id, id, amount, place)
              left join moved m on m.id = l.account_id
            window history as (partition by l.account_id order by l.id rows unbounded preceding)) entered;
  end if;

  insert into ledger_entries (id, journal_id, account_id, currency, amount, balance_before, balance_after, line)
  select l.id, l.journal_id, l.account_id, l.currency, l.amount, l.balance - l.amount, l.balance, l.line
    from unnest(entry_ids, entry_journals, accounts, currencies, amounts, balances, lines)
         as l (id, journal_id, account_id, currency, amount, balance, line);

  -- Booking a session moves credits from one of the two to the other, and so waits for nobody.
  if account_kinds && array['credits', 'deferred'] then
    for currency_moved, held in
      select l.currency, sum(l.amount) from unnest(account_kinds, currencies, amounts) as l (kind, currency, amount)
       where l.kind in ('credits', 'deferred') group by l.currency order by l.currency
    loop
      continue when held = 0;
      update credit_capacity c set outstanding = c.outstanding + held where c.currency = currency_moved;
    end loop;

    insert into wallet_lines (id, journal_id, user_id, currency, line, kind, amount, balance_before, balance_after,
      transaction_id, session_id, package_name, occurred_at)
    select l.id, l.journal_id, l.owner_id, l.currency, l.line, j.kind, l.amount, l.balance - l.amount, l.balance,
           j.transaction_id, t.session_id, t.package_name, j.occurred_at
      from unnest(entry_ids, entry_journals, account_kinds, owners, currencies, amounts, balances, lines)
           as l (id, journal_id, kind, owner_id, currency, amount, balance, line)
      join unnest(journal_ids, journal_kinds, transaction_ids, times) as j (id, kind, transaction_id, occurred_at)
        on j.id = l.journal_id
      left join transactions t on t.id = j.transaction_id
     where l.kind = 'credits';
  end if;
  return fresh;
end $$;
revoke execute on function post_journals(uuid[], text[], text[], uuid[], timestamptz[], uuid[], uuid[], text[], uuid[], char(3)[], numeric[])
  from public;
grant execute on function post_journals(uuid[], text[], text[], uuid[], timestamptz[], uuid[], uuid[], text[], uuid[], char(3)[], numeric[])
  to app_service;
--rollback drop function post_journals(uuid[], text[], text[], uuid[], timestamptz[], uuid[], uuid[], text[], uuid[], char(3)[], numeric[]);
