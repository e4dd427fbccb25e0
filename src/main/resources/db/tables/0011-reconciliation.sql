--liquibase formatted sql

-- Our books against Stripe's: each comparison, and whatever differs, until it does no more.

--changeset coachpay:reconciliation_runs
create table reconciliation_runs (
  id                   uuid primary key,
  status               text not null default 'running' check (status in ('running', 'done', 'failed')),
  step                 text,
  started_at           timestamptz not null,
  finished_at          timestamptz,
  accounts             bigint not null default 0,
  balance_transactions bigint not null default 0,
  open_findings        bigint not null default 0,
  drift                jsonb not null default '{}',
  failure              text,
  requested_by         uuid references users,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now()
);
create index reconciliation_runs_requested_by on reconciliation_runs (requested_by) where requested_by is not null;
create unique index reconciliation_runs_one_running on reconciliation_runs ((true)) where status = 'running';
comment on table reconciliation_runs is 'Comparisons of the ledger with Stripe, one at a time';
comment on column reconciliation_runs.step is 'What the run is doing; a run that says nothing new for long is taken for dead';
comment on column reconciliation_runs.drift is 'The sum of all unexplained differences, by currency, signs left out';
--rollback drop table reconciliation_runs;

--changeset coachpay:reconciliation_findings
create table reconciliation_findings (
  id             uuid primary key,
  account        text not null check (account in ('platform', 'ledger') or account ~ '^acct_[a-zA-Z0-9]+$'),
  kind           text not null check (kind ~ '^[a-z_]+$'),
  subject        text not null default '',
  currency       char(3) check (currency ~ '^[A-Z]{3}$'),
  amount         numeric(20,6),
  stripe_id      text,
  transaction_id uuid references transactions,
  cause          text not null check (cause in (
    'in_flight', 'missed_event', 'late_event', 'dashboard_action', 'foreign', 'converted', 'refused', 'short_of_funds', 'unknown')),
  details        text,
  since          timestamptz not null,
  seen_at        timestamptz not null,
  looked_at      timestamptz,
  resolved_at    timestamptz,
  note           text,
  noted_by       uuid references users,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  constraint reconciliation_findings_money check ((amount is null) = (currency is null))
);
create unique index reconciliation_findings_open on reconciliation_findings (account, kind, subject, currency)
  nulls not distinct where resolved_at is null;
create index reconciliation_findings_noted on reconciliation_findings (kind, subject) where note is not null;
create index reconciliation_findings_noted_by on reconciliation_findings (noted_by) where noted_by is not null;
create index reconciliation_findings_transaction on reconciliation_findings (transaction_id) where transaction_id is not null;
create index reconciliation_findings_unresolved on reconciliation_findings (id) where resolved_at is null;
comment on table reconciliation_findings is 'What differs between our books and Stripe''s; open until a run no longer finds it';
comment on column reconciliation_findings.account is 'platform, a connected account, or ledger where our own books are at odds with themselves';
comment on column reconciliation_findings.kind is 'Which comparison found it';
comment on column reconciliation_findings.subject is
  'What it is about, where an account can have several of a kind: an object at Stripe, a payment, a row of ours';
comment on column reconciliation_findings.amount is 'Ours less Stripe''s; null where it is not about an amount';
comment on column reconciliation_findings.since is 'Since when it differs, as far as is known';
comment on column reconciliation_findings.seen_at is 'The last run that found it';
comment on column reconciliation_findings.looked_at is 'When Stripe was last asked about the object it names';
comment on column reconciliation_findings.note is 'What an administrator knows about it';
--rollback drop table reconciliation_findings;

--changeset coachpay:mirror_facts
-- A balance transaction belongs to a fact, such as a payment, and may make a journal of its own besides: when it becomes
-- available, or for what Stripe charged.
alter table stripe_balance_transactions add column fact_journal_id uuid references ledger_journals;
create index stripe_balance_transactions_fact on stripe_balance_transactions (fact_journal_id) where fact_journal_id is not null;
drop index stripe_balance_transactions_unbooked;
create index stripe_balance_transactions_unmatched on stripe_balance_transactions (id) where fact_journal_id is null;
create index stripe_balance_transactions_unfinished on stripe_balance_transactions (available_on)
  where journal_id is null and fact_journal_id is not null;
comment on column stripe_balance_transactions.fact_journal_id is 'The journal of the fact it tells of; null until that is booked';
comment on column stripe_balance_transactions.journal_id is
  'The journal that is the last thing to be done about it: its own where it makes one, or else its fact''s; null until then';
--rollback comment on column stripe_balance_transactions.journal_id is 'Our journal for it; null until booked';
--rollback drop index stripe_balance_transactions_unfinished;
--rollback drop index stripe_balance_transactions_unmatched;
--rollback create index stripe_balance_transactions_unbooked on stripe_balance_transactions (account, available_on) where journal_id is null;
--rollback alter table stripe_balance_transactions drop column fact_journal_id;

--changeset coachpay:balance_comparisons
alter table balance_imports add column compared_at timestamptz;
comment on column balance_imports.compared_at is 'When Stripe was last asked what the account holds, to compare it with what was imported';
--rollback alter table balance_imports drop column compared_at;

--changeset coachpay:stripe_events_created
-- Events are looked for by their time when an object has none. They come nearly in order, so a block range index does, and costs
-- arrivals next to nothing.
create index stripe_events_created on stripe_events using brin (created) with (pages_per_range = 16);
--rollback drop index stripe_events_created;
