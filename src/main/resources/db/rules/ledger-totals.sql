--liquibase formatted sql

-- What an account holds, without adding up all of its entries: an owned one keeps a balance, a shared one has the sums of its
-- closed days (ledger_daily_totals) and whatever came since.

--changeset coachpay:id_from runOnChange:true splitStatements:false stripComments:false
-- Ids begin with the millisecond they were made in (RFC 9562, version 7), so the rows since a moment are a range of them.
create or replace function id_from(moment timestamptz) returns uuid
  language sql stable parallel safe
  return (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
--rollback drop function id_from(timestamptz);

--changeset coachpay:ledger_balances runOnChange:true splitStatements:false stripComments:false
create or replace view ledger_balances with (security_invoker = true) as
  with shared as (
    select id from ledger_accounts where owner_id is null),
  closed as (
    select account_id, sum(amount) as amount, max(day) as day from ledger_daily_totals
     where account_id in (select id from shared) group by account_id),
  since as (
    select e.account_id, sum(e.amount) as amount from ledger_entries e
     where e.account_id in (select id from shared)
       and e.id >= coalesce((select id_from((max(day) + 1)::timestamp at time zone 'UTC') from closed),
                            '00000000-0000-0000-0000-000000000000')
     group by e.account_id)
  select a.id as account_id, a.kind, a.owner_id, a.currency,
         case when a.owner_id is null then coalesce(closed.amount, 0) + coalesce(since.amount, 0) else a.balance end as balance
  from ledger_accounts a
  left join closed on closed.account_id = a.id
  left join since on since.account_id = a.id;
comment on view ledger_balances is 'What each account holds; a shared one''s by the sums of its closed days and the entries since';
revoke all on ledger_balances from public, app_user, app_admin, app_service, analyst;
grant select on ledger_balances to app_admin, app_service, analyst;
--rollback drop view ledger_balances;
