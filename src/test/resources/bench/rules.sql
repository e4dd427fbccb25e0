-- A succeeded payment in one call, on the service's own tables: with their checks, triggers, policies and running balances, and
-- without the service.
create schema rules;
grant usage on schema rules to app_service;
create table rules.bookings (
  number bigint generated always as identity primary key,
  id     uuid not null
);
create sequence rules.next;
grant select on rules.bookings to app_service;
grant usage on sequence rules.next to app_service;

-- Pays the next booking. Whatever the service's own statements write is written, in their order.
create function rules.take_payment(event text, body text) returns uuid language plpgsql as $$
declare
  received constant uuid not null = uuidv7();
  journal  constant uuid not null = uuidv7();
  payment  transactions;
  posted   uuid[];
begin
  insert into stripe_events (id, event_id, account, endpoint, type, api_version, created, livemode, payload)
    values (received, event, 'platform', 'platform', 'payment_intent.succeeded', '2020-08-27', now(), false, body)
    on conflict (event_id) do nothing;
  if not found then
    return null;
  end if;

  select t.* into strict payment from rules.bookings b join transactions t on t.id = b.id
   where b.number = (select nextval('rules.next')) for no key update of t;
  update transactions
     set status = 'completed', completed_at = now(), check_at = null, stripe_as_of = now(), payment_method_type = 'card',
         stripe_charge_id = 'ch_3' || substr(event, 5), stripe_payment_method_id = 'pm_1' || substr(event, 5)
   where id = payment.id;

  perform from sessions where id = payment.session_id for no key update;
  update sessions
     set status = 'confirmed', payment_status = 'paid', hold_expires_at = null,
         stripe_payment_intent_id = payment.stripe_payment_intent_id
   where id = payment.session_id;

  insert into payment_logs (id, transaction_id, event, status_before, status_after, created_at)
    values (uuidv7(), payment.id, 'payment_intent.succeeded', payment.status, 'completed', now());

  -- The posting: the statement of the class Ledger, with this payment's three lines.
  with line as materialized (
    select l.id, l.journal_id, l.currency, l.amount, a.owner_id, a.id as account_id
      from (select array[uuidv7(), uuidv7(), uuidv7()], array[journal, journal, journal],
                   array['external', 'coach_pending', 'platform_revenue'], array[null, payment.coach_id, null],
                   array[payment.currency, payment.currency, payment.currency],
                   array[-payment.amount, payment.amount - payment.platform_fee, payment.platform_fee] offset 0)
           as given (ids, journals, kinds, owners, currencies, amounts)
     cross join unnest(ids, journals, kinds, owners, currencies, amounts)
           as l (id, journal_id, kind, owner_id, currency, amount)
      left join lateral (
        select id, owner_id from ledger_accounts
         where owner_id = l.owner_id and kind = l.kind and currency = l.currency
        union all
        select id, owner_id from ledger_accounts
         where l.owner_id is null and owner_id is null and kind = l.kind and currency = l.currency) a on true),
  fresh as (
    insert into ledger_journals (id, kind, reference, transaction_id, occurred_at)
    select journal, 'session_paid', payment.stripe_payment_intent_id, payment.id, now()
     where not exists (select from line where account_id is null)
    on conflict on constraint ledger_journals_once do nothing
    returning id),
  written as (
    insert into ledger_entries (id, journal_id, account_id, currency, amount)
    select line.id, line.journal_id, line.account_id, line.currency, line.amount
      from line join fresh on fresh.id = line.journal_id
     order by line.owner_id, line.account_id, line.id)
  select array_agg(id) from fresh into posted;
  -- Until here.

  if posted is null then
    raise exception 'An account of payment % is missing', payment.id;
  end if;
  update stripe_events set status = 'processed', processed_at = now() where id = received;
  return payment.id;
end $$;
grant execute on function rules.take_payment to app_service;
