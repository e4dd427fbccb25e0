--liquibase formatted sql

-- The books. A positive amount credits the account (we owe its owner, or it is income), a negative one debits it.
-- Entries are only ever added, and each journal sums to zero per currency.

--changeset coachpay:ledger_accounts
create table ledger_accounts (
  id         uuid primary key,
  kind       text not null check (kind in (
    'coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out', 'credits', 'deferred', 'credit_debt',
    'external', 'fx', 'platform_revenue', 'platform_promotions', 'platform_bank', 'stripe_fees', 'dispute_losses', 'refund_clearing')),
  owner_id   uuid references users on delete cascade,
  currency   char(3) not null check (currency ~ '^[A-Z]{3}$'),
  balance    numeric(20,6) not null default 0,
  lines      bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint ledger_accounts_identity unique nulls not distinct (owner_id, kind, currency),
  constraint ledger_accounts_owned check (
    (owner_id is not null) =
    (kind in ('coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out', 'credits', 'deferred', 'credit_debt'))),
  constraint ledger_accounts_shared_keep_none check (owner_id is not null or balance = 0 and lines = 0),
  constraint ledger_accounts_not_overdrawn check (kind not in ('credits', 'deferred') or balance >= 0),
  constraint ledger_accounts_debt_not_positive check (kind <> 'credit_debt' or balance <= 0)
) with (fillfactor = 70);
comment on table ledger_accounts is 'One account per kind, owner and currency';
comment on column ledger_accounts.owner_id is 'Null for the platform''s own accounts, which all payments share';
comment on column ledger_accounts.balance is
  'Moved by each entry, by a trigger alone. Shared accounts keep none: every payment would queue for that row';
comment on column ledger_accounts.lines is 'How many entries the account has';
--rollback drop table ledger_accounts;

--changeset coachpay:ledger_journals
create table ledger_journals (
  id             uuid primary key,
  kind           text not null check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  reference      text not null check (reference <> ''),
  transaction_id uuid references transactions,
  description    text,
  occurred_at    timestamptz not null,
  created_at     timestamptz not null default now(),
  constraint ledger_journals_once unique (kind, reference)
);
create index ledger_journals_transaction on ledger_journals (transaction_id) where transaction_id is not null;
comment on table ledger_journals is 'One journal per fact, booked once';
comment on column ledger_journals.reference is 'What the fact is known by: mostly the id of Stripe''s object';
comment on column ledger_journals.transaction_id is 'The payment the fact belongs to, if it belongs to one';
comment on column ledger_journals.description is 'Why, where a person decided it';
comment on column ledger_journals.occurred_at is 'When it happened, which is not when we wrote it';
--rollback drop table ledger_journals;

--changeset coachpay:ledger_entries
create table ledger_entries (
  id             uuid primary key,
  journal_id     uuid not null references ledger_journals,
  account_id     uuid not null references ledger_accounts,
  currency       char(3) not null,
  amount         numeric(20,6) not null,
  balance_before numeric(20,6),
  balance_after  numeric(20,6),
  line           bigint,
  created_at     timestamptz not null default now(),
  constraint ledger_entries_move_something check (amount <> 0),
  constraint ledger_entries_continue check (
    num_nulls(balance_before, balance_after, line) = 3
    or num_nulls(balance_before, balance_after, line) = 0 and balance_after = balance_before + amount),
  constraint ledger_entries_line unique (account_id, line)
);
create index ledger_entries_journal on ledger_entries (journal_id);
comment on table ledger_entries is 'What a journal moves on one account. All entries of a journal are written by one INSERT';
comment on column ledger_entries.line is
  'The account''s own running number: the order of its history, which ids do not give when two write at once. Null on shared accounts';
--rollback drop table ledger_entries;

--changeset coachpay:ledger_daily_totals
create table ledger_daily_totals (
  id         uuid primary key default gen_random_uuid(),
  account_id uuid not null references ledger_accounts,
  day        date not null,
  amount     numeric(20,6) not null,
  entries    bigint not null check (entries >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint ledger_daily_totals_day unique (account_id, day)
);
comment on table ledger_daily_totals is 'Sums of the shared accounts'' closed days (UTC), so that a total needs no more than the open one';
--rollback drop table ledger_daily_totals;
