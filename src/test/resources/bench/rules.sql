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
  posted := post_journals(array[journal], array['session_paid'], array[payment.stripe_payment_intent_id], array[payment.id],
    array[now()], array[uuidv7(), uuidv7(), uuidv7()], array[journal, journal, journal],
    array['external', 'coach_pending', 'platform_revenue'], array[null, payment.coach_id, null],
    array[payment.currency, payment.currency, payment.currency],
    array[-payment.amount, payment.amount - payment.platform_fee, payment.platform_fee]);
  -- Until here.

  if posted is null then
    raise exception 'An account of payment % is missing', payment.id;
  end if;
  update stripe_events set status = 'processed', processed_at = now() where id = received;
  return payment.id;
end $$;
grant execute on function rules.take_payment to app_service;
