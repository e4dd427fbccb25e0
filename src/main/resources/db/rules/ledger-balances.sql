--liquibase formatted sql

-- Each journal sums to zero per currency when it is written, and each entry goes on from its account's balance. post_journals
-- (ledger-posting.sql) works balances and lines out; these rules check every writer's entries.

--changeset coachpay:currency_digits runOnChange:true splitStatements:false stripComments:false
-- How many digits a currency has at Stripe: https://docs.stripe.com/currencies
create or replace function currency_digits(currency char(3)) returns integer
  language sql immutable parallel safe
  return case
    when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
    when currency in ('BHD', 'JOD', 'KWD', 'OMR', 'TND') then 3
    else 2
  end;
--rollback drop function currency_digits(char);

--changeset coachpay:ledger_move runOnChange:true splitStatements:false stripComments:false
-- For the release before, which knows no post_journals: as app_service it inserts entries without balances and lines, by one INSERT
-- in order of owner, account and id, and this fills them in. A later release drops the trigger and app_service's right to insert.
-- Inside post_journals the current user is the schema's owner, so that the trigger stays silent.
create or replace function ledger_move() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  account record;
  digits  integer;
begin
  select kind, owner_id, currency into account from ledger_accounts where id = new.account_id;
  if not found then
    raise exception 'There is no account %', new.account_id
      using errcode = 'foreign_key_violation', table = tg_table_name, constraint = 'ledger_entries_account_id_fkey';
  end if;
  if new.currency is distinct from account.currency then
    raise exception 'An entry in % on an account in %', new.currency, account.currency
      using errcode = 'check_violation', table = tg_table_name, constraint = 'ledger_entries_currency';
  end if;
  -- Credits are counted to six digits, and what a bonus costs comes from there.
  digits := case when account.kind in ('credits', 'deferred', 'credit_debt', 'platform_promotions') then 6
                 else currency_digits(account.currency) end;
  if new.amount <> round(new.amount, digits) then
    raise exception '% % has more digits than % allows', new.amount, account.currency, account.kind
      using errcode = 'check_violation', table = tg_table_name, constraint = 'ledger_entries_digits';
  end if;

  if account.owner_id is null then
    new.balance_before := null;
    new.balance_after := null;
    new.line := null;
    return new;
  end if;

  -- The profile is locked before any of its owner's accounts, even where nothing changes in it. Locked after the
  -- first account, it would let two writers that share an owner but not the first account wait for each other.
  if account.kind like 'coach%' then
    update coach_profiles set
      pending_balance = pending_balance
        + case when currency = account.currency and account.kind = 'coach_pending' then new.amount else 0 end,
      available_balance = available_balance
        + case when currency = account.currency and account.kind = 'coach_available' then new.amount else 0 end,
      total_earnings = total_earnings + case when currency = account.currency then new.amount else 0 end
    where user_id = account.owner_id;
  else
    perform from coach_profiles where user_id = account.owner_id for no key update;
  end if;

  update ledger_accounts set balance = balance + new.amount, lines = lines + 1, updated_at = now()
    where id = new.account_id
    returning balance, lines into new.balance_after, new.line;
  new.balance_before := new.balance_after - new.amount;
  return new;
end $$;
revoke execute on function ledger_move() from public;

create or replace trigger move before insert on ledger_entries
  for each row when (current_user = 'app_service') execute function ledger_move();
--rollback drop trigger move on ledger_entries;
--rollback drop function ledger_move();

--changeset coachpay:ledger_check_journals runOnChange:true splitStatements:false stripComments:false
-- Reads by index, even where its plans were made while the tables were empty.
create or replace function ledger_check_journals() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp
  set enable_seqscan = off as $$
declare
  wrong record;
begin
  -- Entry by entry, the first rule that is broken, by the name of its constraint. An account's own entries go on from line to line,
  -- and the last of them is what the account holds. Credits are counted to six digits, and what a bonus costs comes from there.
  select e.id, e.amount, e.currency, e.balance_before, e.line, a.kind, a.held_in, a.balance, a.lines, broken.rule into wrong
    from inserted e
   cross join lateral (select kind, owner_id, currency as held_in, balance, lines
                         from ledger_accounts where id = e.account_id offset 0) a
   cross join lateral (
         select case
                  when e.currency <> a.held_in then 'ledger_entries_currency'
                  when e.amount <> round(e.amount,
                         case when a.kind in ('credits', 'deferred', 'credit_debt', 'platform_promotions') then 6
                              else currency_digits(a.held_in) end) then 'ledger_entries_digits'
                  when (e.line is null) <> (a.owner_id is null) then 'ledger_entries_owned'
                  when e.line is null then null
                  when e.balance_before is distinct from case when e.line = 1 then 0
                         else (select balance_after from ledger_entries where account_id = e.account_id and line = e.line - 1) end
                    then 'ledger_entries_unbroken'
                  when a.kind in ('credits', 'deferred') and e.balance_after < 0 then 'ledger_accounts_not_overdrawn'
                  when a.kind = 'credit_debt' and e.balance_after > 0 then 'ledger_accounts_debt_not_positive'
                  when a.kind in ('credits', 'credit_debt') and a.balance <> 0
                       and (select o.balance from ledger_accounts o where o.owner_id = a.owner_id and o.currency = a.held_in
                               and o.kind = case a.kind when 'credits' then 'credit_debt' else 'credits' end) <> 0
                    then 'ledger_accounts_debt_first'
                  when e.line = a.lines and e.balance_after = a.balance then null
                  when e.line >= a.lines
                       or (select line from ledger_entries where account_id = e.account_id and line = e.line + 1) is null
                    then 'ledger_accounts_as_entered'
                end as rule
         offset 0) broken
   where broken.rule is not null limit 1;
  if found then
    raise exception 'Entry % of % % (line %, after %) does not fit its account: %, % %, % lines', wrong.id, wrong.amount,
        wrong.currency, wrong.line, wrong.balance_before, wrong.kind, wrong.balance, wrong.held_in, wrong.lines
      using errcode = 'check_violation', table = tg_table_name, constraint = wrong.rule;
  end if;

  select journal_id, currency, sum(amount) as remainder into wrong
    from inserted group by journal_id, currency having sum(amount) <> 0 limit 1;
  if found then
    raise exception 'Journal % does not balance: % % too much', wrong.journal_id, wrong.remainder, wrong.currency
      using errcode = 'check_violation', table = tg_table_name, constraint = 'ledger_journals_balance';
  end if;

  select journal_id into wrong
    from (select journal_id, count(*) as entries from inserted group by journal_id) written
    where entries < (select count(*) from ledger_entries e where e.journal_id = written.journal_id) limit 1;
  if found then
    raise exception 'Journal % was written before: nothing can be added to it', wrong.journal_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'ledger_journals_closed';
  end if;
  return null;
end $$;
revoke execute on function ledger_check_journals() from public;

create or replace trigger check_journals after insert on ledger_entries
  referencing new table as inserted
  for each statement execute function ledger_check_journals();
--rollback drop trigger check_journals on ledger_entries;
--rollback drop function ledger_check_journals();
