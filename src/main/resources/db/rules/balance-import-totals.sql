--liquibase formatted sql

-- The sum of an account's imported lines is kept, so that nobody has to add them all up. It moves with each line, by whatever
-- statement that is written.

--changeset coachpay:balance_import_totals_moved runOnChange:true splitStatements:false stripComments:false
create or replace function move_import_totals() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  insert into balance_import_totals as t (account, currency, net)
  select account, currency, sum(net) from inserted
   where not (account = 'platform' and ignored) group by account, currency order by account, currency
  on conflict on constraint balance_import_totals_once do update set net = t.net + excluded.net;
  return null;
end $$;
revoke execute on function move_import_totals() from public;

create or replace function correct_import_totals() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if not (old.account = 'platform' and old.ignored) then
    update balance_import_totals set net = net - old.net
     where account = old.account and currency = old.currency;
  end if;
  if tg_op = 'UPDATE' and not (new.account = 'platform' and new.ignored) then
    insert into balance_import_totals as t (account, currency, net) values (new.account, new.currency, new.net)
    on conflict on constraint balance_import_totals_once do update set net = t.net + excluded.net;
  end if;
  return null;
end $$;
revoke execute on function correct_import_totals() from public;

create or replace trigger move_totals after insert on stripe_balance_transactions
  referencing new table as inserted
  for each statement execute function move_import_totals();
create or replace trigger correct_totals after update of account, currency, net, ignored on stripe_balance_transactions
  for each row when ((old.account, old.currency, old.net, old.ignored) is distinct from (new.account, new.currency, new.net, new.ignored))
  execute function correct_import_totals();
create or replace trigger take_from_totals after delete on stripe_balance_transactions
  for each row execute function correct_import_totals();
--rollback drop trigger take_from_totals on stripe_balance_transactions;
--rollback drop trigger correct_totals on stripe_balance_transactions;
--rollback drop trigger move_totals on stripe_balance_transactions;
--rollback drop function correct_import_totals();
--rollback drop function move_import_totals();

--changeset coachpay:balance_import_totals_begun runOnChange:true splitStatements:false
-- Who imports meanwhile waits: what the trigger has moved already would be counted twice, or not at all. One statement, for
-- whoever runs it by hand need not have a transaction.
do $$
begin
  lock table stripe_balance_transactions in share row exclusive mode;
  delete from balance_import_totals;
  insert into balance_import_totals (account, currency, net)
  select account, currency, sum(net) from stripe_balance_transactions
   where not (account = 'platform' and ignored) group by account, currency;
end $$;
--rollback delete from balance_import_totals;
