--liquibase formatted sql

-- A profile's three figures are the ledger's, in the profile's currency. Each journal moves them (ledger-posting.sql);
-- here they begin, and begin again when the currency changes.

--changeset coachpay:coach_figures runOnChange:true splitStatements:false stripComments:false
create or replace function coach_figures() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and exists (
      select from sessions where coach_id = new.user_id and live and currency = old.currency) then
    raise exception 'Sessions in % are still to be held', old.currency
      using errcode = 'check_violation', table = tg_table_name, constraint = 'coach_profiles_currency_in_use';
  end if;
  select coalesce(sum(balance) filter (where kind = 'coach_pending'), 0),
         coalesce(sum(balance) filter (where kind = 'coach_available'), 0),
         coalesce(sum(balance), 0)
    into new.pending_balance, new.available_balance, new.total_earnings
    from ledger_accounts
    where owner_id = new.user_id and currency = new.currency
      and kind in ('coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out');
  return new;
end $$;
revoke execute on function coach_figures() from public;

create or replace trigger begin_figures before insert on coach_profiles
  for each row execute function coach_figures();
create or replace trigger change_currency before update of currency on coach_profiles
  for each row when (old.currency <> new.currency) execute function coach_figures();
--rollback drop trigger change_currency on coach_profiles;
--rollback drop trigger begin_figures on coach_profiles;
--rollback drop function coach_figures();
