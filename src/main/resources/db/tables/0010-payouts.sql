--liquibase formatted sql

-- Money on its way to coaches' banks. The row comes first and reserves: one requested payout per coach and currency,
-- one per coach, currency and period, whoever asks for it and on however many instances.

--changeset coachpay:payouts
create table payouts (
  id                   uuid primary key,
  user_id              uuid not null references users,
  connected_account_id uuid not null references stripe_connected_accounts,
  stripe_payout_id     text unique check (stripe_payout_id ~ '^po_[a-zA-Z0-9]+$'),
  amount               numeric(19,4) not null check (amount <> 0),
  currency             char(3) not null check (currency ~ '^[A-Z]{3}$'),
  status               text not null default 'requested'
    check (status in ('requested', 'refused', 'pending', 'in_transit', 'paid', 'failed', 'canceled')),
  method               text not null default 'standard' check (method in ('standard', 'instant')),
  fallback_reason      text,
  initiated_by         text not null check (initiated_by in ('run', 'coach', 'admin', 'dashboard')),
  period               text check (period ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
  requested_at         timestamptz not null,
  arrival_date         timestamptz,
  failure_code         text,
  failure_message      text,
  attempt              integer not null default 1 check (attempt > 0),
  check_at             timestamptz,
  metadata             jsonb not null default '{}',
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  constraint payouts_negative_from_outside check (amount > 0 or initiated_by = 'dashboard')
);
create unique index payouts_one_requested on payouts (user_id, currency) where status = 'requested';
create unique index payouts_one_a_period on payouts (user_id, currency, period) where period is not null and status <> 'refused';
create index payouts_user on payouts (user_id, id);
create index payouts_account on payouts (connected_account_id, id);
create index payouts_status on payouts (status, created_at);
create index payouts_to_check on payouts (check_at) where status in ('requested', 'pending', 'in_transit');
comment on table payouts is 'Payouts to coaches'' banks, ours and those made in Stripe''s dashboard';
comment on column payouts.user_id is 'The coach';
comment on column payouts.connected_account_id is 'The account it leaves from, pinned when it was asked for';
comment on column payouts.amount is 'Negative when Stripe fetched money from the coach''s bank, which we never ask for';
comment on column payouts.period is 'The day, in the coach''s time zone, that a schedule paid for; null when nobody''s schedule did';
comment on column payouts.fallback_reason is 'Why it is a standard payout although an instant one was wanted';
comment on column payouts.attempt is 'Part of the idempotency key at Stripe';
comment on column payouts.check_at is 'When Stripe is asked for it or about it next';
--rollback drop table payouts;

--changeset coachpay:payout_items
create table payout_items (
  id          uuid primary key,
  payout_id   uuid not null references payouts,
  entry_id    uuid not null references ledger_entries,
  amount      numeric(19,4) not null check (amount <> 0),
  currency    char(3) not null check (currency ~ '^[A-Z]{3}$'),
  released_at timestamptz,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  constraint payout_items_once unique (payout_id, entry_id)
);
create index payout_items_entry on payout_items (entry_id);
comment on table payout_items is 'Which earnings, refunds and other lines of coach_available a payout is made of; they sum to it';
comment on column payout_items.entry_id is 'A line of coach_available that made money available or took it back';
comment on column payout_items.amount is 'Signed like the line; a part of it where the payout ended in the middle';
comment on column payout_items.released_at is 'The payout failed: the line waits for another one';
--rollback drop table payout_items;
