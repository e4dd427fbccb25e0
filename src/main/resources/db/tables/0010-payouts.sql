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
  unallocated          numeric(19,4) not null default 0,
  status               text not null default 'requested'
    check (status in ('requested', 'refused', 'pending', 'in_transit', 'paid', 'failed', 'canceled')),
  method               text not null default 'standard' check (method in ('standard', 'instant')),
  fallback_reason      text,
  initiated_by         text not null check (initiated_by in ('run', 'coach', 'admin', 'dashboard')),
  period               date,
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
create index payouts_status on payouts (status, id);
create index payouts_to_check on payouts (check_at) where status in ('requested', 'pending', 'in_transit');
create index payouts_unallocated on payouts (user_id, currency, id) where unallocated <> 0;
comment on table payouts is 'Payouts to coaches'' banks, ours and those made in Stripe''s dashboard';
comment on column payouts.user_id is 'The coach';
comment on column payouts.connected_account_id is 'The account it leaves from, pinned when it was asked for';
comment on column payouts.amount is 'Negative when Stripe fetched money from the coach''s bank, which we never ask for';
comment on column payouts.unallocated is
  'What no line was found for yet, as somebody paid out in Stripe''s dashboard what was not booked here, or as it came back before; the items are the rest';
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

--changeset coachpay:payout_marks
create table payout_marks (
  id              uuid primary key,
  user_id         uuid not null references users on delete cascade,
  currency        char(3) not null check (currency ~ '^[A-Z]{3}$'),
  payout_schedule text not null check (payout_schedule in ('instant', 'daily', 'weekly', 'monthly')),
  time_zone       text not null,
  period          date,
  reason          text,
  failures        integer not null default 0 check (failures >= 0),
  not_before      timestamptz,
  allocated_to    bigint not null default 0 check (allocated_to >= 0),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint payout_marks_once unique (user_id, currency)
);
comment on table payout_marks is 'How far payouts of a coach in a currency have come';
comment on column payout_marks.payout_schedule is 'The schedule that the period belongs to: with another one, the days count anew';
comment on column payout_marks.period is 'The last due day that was dealt with, paid or not; null for a schedule without days';
comment on column payout_marks.reason is 'Why nothing was paid when it was last tried';
comment on column payout_marks.failures is 'How often in a row it came to nothing; each time the pause is longer';
comment on column payout_marks.not_before is 'When it is tried again; null for whenever it is due';
comment on column payout_marks.allocated_to is
  'Lines of coach_available up to this one are in payouts as a whole: an allocation need not look at them';
--rollback drop table payout_marks;

--changeset coachpay:payout_listings
create table payout_listings (
  id                   uuid primary key,
  connected_account_id uuid not null unique references stripe_connected_accounts on delete cascade,
  listed_until         timestamptz,
  next_at              timestamptz not null,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now()
);
comment on table payout_listings is 'How far each account''s payouts have been listed, to find what no webhook told';
comment on column payout_listings.listed_until is 'Moves when a listing has ended, not before';
--rollback drop table payout_listings;

--changeset coachpay:account_banks
alter table stripe_connected_accounts add bank_currencies text[];
comment on column stripe_connected_accounts.bank_currencies is
  'What the account has a bank for; null until Stripe said so. Its default currency may be one that it has no bank for';
--rollback alter table stripe_connected_accounts drop bank_currencies;
