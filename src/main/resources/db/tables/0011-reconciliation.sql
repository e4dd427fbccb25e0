--liquibase formatted sql

-- Our books against Stripe's: each comparison, and whatever differs, until it does no more.

--changeset coachpay:reconciliation_runs
create table reconciliation_runs (
  id                   uuid primary key,
  status               text not null default 'running' check (status in ('running', 'done', 'failed')),
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
create index reconciliation_runs_running on reconciliation_runs (started_at) where status = 'running';
comment on table reconciliation_runs is 'Comparisons of the ledger with Stripe';
comment on column reconciliation_runs.drift is 'The sum of all unexplained differences, by currency, signs left out';
--rollback drop table reconciliation_runs;

--changeset coachpay:reconciliation_findings
create table reconciliation_findings (
  id             uuid primary key,
  account        text not null check (account in ('platform', 'ledger') or account ~ '^acct_[a-zA-Z0-9]+$'),
  kind           text not null check (kind ~ '^[a-z_]+$'),
  currency       char(3) check (currency ~ '^[A-Z]{3}$'),
  amount         numeric(20,6),
  stripe_id      text,
  transaction_id uuid references transactions,
  cause          text not null check (cause in (
    'in_flight', 'missed_event', 'late_event', 'dashboard_action', 'foreign', 'converted', 'refused', 'short_of_funds', 'unknown')),
  details        text,
  since          timestamptz not null,
  seen_at        timestamptz not null,
  resolved_at    timestamptz,
  note           text,
  noted_by       uuid references users,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  constraint reconciliation_findings_money check ((amount is null) = (currency is null))
);
create unique index reconciliation_findings_open on reconciliation_findings (account, kind, currency, stripe_id)
  nulls not distinct where resolved_at is null;
create index reconciliation_findings_noted_by on reconciliation_findings (noted_by) where noted_by is not null;
create index reconciliation_findings_transaction on reconciliation_findings (transaction_id) where transaction_id is not null;
create index reconciliation_findings_unresolved on reconciliation_findings (id) where resolved_at is null;
comment on table reconciliation_findings is 'What differs between our books and Stripe''s; open until a run no longer finds it';
comment on column reconciliation_findings.account is 'platform, a connected account, or ledger where our own books are at odds with themselves';
comment on column reconciliation_findings.kind is 'Which comparison found it';
comment on column reconciliation_findings.amount is 'Ours less Stripe''s; null where it is not about an amount';
comment on column reconciliation_findings.since is 'Since when it differs, as far as is known';
comment on column reconciliation_findings.seen_at is 'The last run that found it';
comment on column reconciliation_findings.note is 'What an administrator knows about it';
--rollback drop table reconciliation_findings;
