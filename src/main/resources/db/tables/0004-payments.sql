--liquibase formatted sql

-- Payments. A row is written before Stripe is called and holds all that the call needs,
-- so that the same call can be made again by whoever finds it unfinished.

--changeset coachpay:transactions
create table transactions (
  id                         uuid primary key,
  type                       text not null check (type in ('session_payment', 'credit_purchase', 'subscription_payment')),
  status                     text not null default 'pending'
    check (status in ('pending', 'processing', 'completed', 'failed', 'canceled', 'partially_refunded', 'refunded')),
  method                     text check (method in ('checkout', 'payment_intent', 'saved_card', 'credits')),
  amount                     numeric(19,4) not null check (amount > 0),
  currency                   char(3) not null check (currency ~ '^[A-Z]{3}$'),
  platform_fee               numeric(19,4) not null default 0 check (platform_fee >= 0),
  coach_payout               numeric(19,4) not null default 0 check (coach_payout >= 0),
  credit_amount              numeric(12,6) check (credit_amount > 0),
  refunded_amount            numeric(19,4) not null default 0,
  payer_id                   uuid not null references users,
  coach_id                   uuid references users,
  session_id                 uuid references sessions,
  destination_account        text check (destination_account ~ '^acct_[a-zA-Z0-9]+$'),
  on_behalf_of               boolean not null default false,
  attempt                    integer not null default 1 check (attempt > 0),
  expires_at                 timestamptz,
  check_at                   timestamptz,
  asked_at                   timestamptz,
  completed_at               timestamptz,
  stripe_payment_intent_id   text unique check (stripe_payment_intent_id ~ '^pi_[a-zA-Z0-9]+$'),
  stripe_charge_id           text unique check (stripe_charge_id ~ '^(ch|py)_[a-zA-Z0-9]+$'),
  stripe_application_fee_id  text unique check (stripe_application_fee_id ~ '^fee_[a-zA-Z0-9]+$'),
  stripe_transfer_id         text unique check (stripe_transfer_id ~ '^tr_[a-zA-Z0-9]+$'),
  stripe_checkout_session_id text unique check (stripe_checkout_session_id ~ '^cs_[a-zA-Z0-9_]+$'),
  stripe_customer_id         text check (stripe_customer_id ~ '^cus_[a-zA-Z0-9]+$'),
  stripe_payment_method_id   text check (stripe_payment_method_id ~ '^(pm|card|src)_[a-zA-Z0-9]+$'),
  payment_method_type        text,
  package_name               text,
  customer_email             text,
  failure_code               text,
  decline_code               text,
  failure_message            text,
  description                text,
  metadata                   jsonb not null default '{}',
  created_at                 timestamptz not null default now(),
  updated_at                 timestamptz not null default now(),
  constraint transactions_refund_within_amount check (refunded_amount between 0 and amount),
  constraint transactions_status_follows_refunds check (
    case status
      when 'partially_refunded' then refunded_amount > 0 and refunded_amount < amount
      when 'refunded' then refunded_amount = amount
      else refunded_amount = 0
    end),
  constraint transactions_session_payment check (
    type <> 'session_payment'
    or session_id is not null and coach_id is not null and method is not null and amount = platform_fee + coach_payout),
  constraint transactions_destination check (
    type <> 'session_payment' or method = 'credits' or destination_account is not null),
  constraint transactions_credits_counted check (
    (type = 'credit_purchase' or method = 'credits') is not true or credit_amount is not null)
);
-- A failed payment still lives: its PaymentIntent can succeed with another card until it is cancelled at Stripe.
create unique index transactions_one_live_per_session on transactions (session_id) where status <> 'canceled';
create index transactions_session on transactions (session_id);
create index transactions_payer on transactions (payer_id, id);
create index transactions_coach on transactions (coach_id, id);
create index transactions_status on transactions (status, created_at);
create index transactions_to_check on transactions (check_at) where status in ('pending', 'processing');
create index transactions_customer on transactions (stripe_customer_id);
comment on table transactions is 'One payment by one payer, failed ones too';
comment on column transactions.destination_account is 'The coach''s account at Stripe, frozen when the payment was begun';
comment on column transactions.on_behalf_of is 'The charge settles in the destination''s country';
comment on column transactions.attempt is 'Part of the idempotency key at Stripe: raised after a definite refusal only';
comment on column transactions.expires_at is 'When this payment itself ends, as told to Stripe; never recomputed';
comment on column transactions.check_at is 'When Stripe is asked about it, should no event have told by then';
comment on column transactions.asked_at is
  'When Stripe was last asked to charge a saved card: so soon after, nobody can say that it will not';
comment on column transactions.completed_at is 'When the money moved, by Stripe''s clock';
comment on column transactions.stripe_transfer_id is 'The first transfer; all of them are rows of transfers';
--rollback drop table transactions;

--changeset coachpay:checkout_sessions
create table checkout_sessions (
  id                uuid primary key,
  stripe_session_id text unique check (stripe_session_id ~ '^cs_[a-zA-Z0-9_]+$'),
  mode              text not null check (mode in ('payment', 'setup', 'subscription')),
  status            text not null default 'requested' check (status in ('requested', 'open', 'complete', 'expired', 'refused')),
  user_id           uuid not null references users on delete cascade,
  session_id        uuid references sessions,
  transaction_id    uuid references transactions,
  reserved_credits  numeric(12,6) not null default 0 check (reserved_credits >= 0),
  success_url       text not null,
  cancel_url        text not null,
  attempt           integer not null default 1 check (attempt > 0),
  expires_at        timestamptz,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now()
);
create unique index checkout_sessions_one_open on checkout_sessions (transaction_id) where status in ('requested', 'open');
create index checkout_sessions_transaction on checkout_sessions (transaction_id);
create index checkout_sessions_session on checkout_sessions (session_id);
create index checkout_sessions_user on checkout_sessions (user_id, id);
create index checkout_sessions_unfinished on checkout_sessions (expires_at) where status in ('requested', 'open');
comment on table checkout_sessions is 'Visits to Stripe''s payment page, written before Stripe is asked for one';
comment on column checkout_sessions.attempt is 'Part of the idempotency key at Stripe';
--rollback drop table checkout_sessions;

--changeset coachpay:payment_logs
create table payment_logs (
  id              uuid primary key,
  transaction_id  uuid not null references transactions,
  event           text not null,
  stripe_event_id text check (stripe_event_id ~ '^evt_[a-zA-Z0-9_]+$'),
  status_before   text,
  status_after    text,
  failure_code    text,
  failure_message text,
  details         jsonb not null default '{}',
  created_at      timestamptz not null default now()
);
create index payment_logs_transaction on payment_logs (transaction_id, id);
comment on table payment_logs is 'What happened to a payment, one line an event, never changed';
comment on column payment_logs.event is 'What happened: an event''s type, or our own word where no event told it';
--rollback drop table payment_logs;
