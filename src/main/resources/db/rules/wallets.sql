--liquibase formatted sql

-- A wallet is held while somebody decides about it: what it holds and what it owes are two accounts, and one of them may be missing.
--
-- Lock order: profiles by user, accounts by owner and id.

--changeset coachpay:hold_wallet runOnChange:true splitStatements:false stripComments:false
create or replace function hold_wallet(held uuid, held_in char(3)) returns table (kind text, balance numeric)
  language plpgsql security definer
  set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  perform from coach_profiles where user_id = held for no key update;
  insert into ledger_accounts (id, kind, owner_id, currency)
    select gen_random_uuid(), wallet.kind, held, held_in from unnest(array['credit_debt', 'credits', 'deferred']) as wallet (kind)
     order by wallet.kind
    on conflict on constraint ledger_accounts_identity do nothing;
  return query select a.kind, a.balance from ledger_accounts a
    where a.owner_id = held and a.currency = held_in and a.kind in ('credit_debt', 'credits', 'deferred')
    order by a.id for no key update;
end $$;
revoke execute on function hold_wallet(uuid, char) from public;
grant execute on function hold_wallet(uuid, char) to app_service;
--rollback drop function hold_wallet(uuid, char);
