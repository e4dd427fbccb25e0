--liquibase formatted sql

-- A coach's account at Stripe gives way to another only when it was disconnected and nothing is left in it or on
-- its way there, and its id is kept.

--changeset coachpay:replaced_accounts runOnChange:true splitStatements:false stripComments:false
create or replace function replaced_accounts() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if old.deauthorized_at is null or new.replaced_accounts <> old.replaced_accounts || old.stripe_account_id then
    raise exception '% cannot be replaced while it is connected, nor be forgotten', old.stripe_account_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'stripe_connected_accounts_replaced_kept';
  end if;
  if exists (select from ledger_accounts where owner_id = old.user_id and kind in ('coach_pending', 'coach_available', 'coach_in_transit') and balance <> 0) then
    raise exception 'There is money in %', old.stripe_account_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'stripe_connected_accounts_money_left';
  end if;
  if exists (select from transactions where coach_id = old.user_id and status in ('pending', 'processing')) then
    raise exception 'There may be a payment on its way to %', old.stripe_account_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'stripe_connected_accounts_payment_under_way';
  end if;
  -- Of an account that is gone for good nothing is listed, and nobody is asked about it.
  delete from balance_imports where account = old.stripe_account_id;
  delete from stripe_cursors where account = old.stripe_account_id;
  return new;
end $$;
revoke execute on function replaced_accounts() from public;

create or replace trigger replaced before update on stripe_connected_accounts
  for each row when (old.stripe_account_id is not null and new.stripe_account_id is distinct from old.stripe_account_id)
  execute function replaced_accounts();
--rollback drop trigger replaced on stripe_connected_accounts;
--rollback drop function replaced_accounts();
