--liquibase formatted sql

-- What Stripe told us: events as they came, and its own books as we read them.
-- An account is either 'platform' or a connected account's id.

--changeset coachpay:stripe_events
create table stripe_events (
  id              uuid primary key,
  event_id        text not null unique check (event_id ~ '^evt_[a-zA-Z0-9_]+$'),
  account         text not null default 'platform' check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  endpoint        text not null check (endpoint in ('platform', 'connect')),
  type            text not null,
  api_version     text,
  created         timestamptz not null,
  livemode        boolean not null,
  payload         text,
  received_at     timestamptz not null default now(),
  status          text not null default 'received' check (status in ('received', 'processed', 'ignored', 'failed', 'dead')),
  attempts        integer not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null default now(),
  error           text,
  processed_at    timestamptz
) with (fillfactor = 90);
create index stripe_events_due on stripe_events (next_attempt_at) where status in ('received', 'failed');
create index stripe_events_troubled on stripe_events (status, id) where status in ('failed', 'dead');
comment on table stripe_events is 'The inbox: every event stored once, as received, before anything is done about it';
comment on column stripe_events.payload is 'As received, for the signature was over these bytes; emptied long after processing';
comment on column stripe_events.created is 'Stripe''s time of the event; received_at is ours';
--rollback drop table stripe_events;

--changeset coachpay:stripe_events_compression splitStatements:false
-- lz4 costs a fraction of the default compression, but not every server was built with it.
do $$
begin
  if 'lz4' = any ((select enumvals from pg_settings where name = 'default_toast_compression')::text[]) then
    alter table stripe_events alter column payload set compression lz4;
  end if;
end $$;
--rollback empty

--changeset coachpay:event_marks
create table event_marks (
  id           uuid primary key,
  account      text not null unique check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  listed_until timestamptz,
  resume_after text,
  listing_from timestamptz,
  failure      text,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
comment on table event_marks is 'How far each account''s events have been listed, to find those whose webhook never came';
comment on column event_marks.listed_until is 'Moves when a listing has ended, not before';
comment on column event_marks.resume_after is 'The last event of a listing under way';
comment on column event_marks.listing_from is 'When the listing under way began: the next mark';
--rollback drop table event_marks;

--changeset coachpay:stripe_balance_transactions
create table stripe_balance_transactions (
  id                            uuid primary key,
  account                       text not null check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  stripe_balance_transaction_id text not null check (stripe_balance_transaction_id ~ '^txn_[a-zA-Z0-9_]+$'),
  type                          text not null,
  reporting_category            text,
  source                        text,
  amount                        numeric(19,4) not null,
  fee                           numeric(19,4) not null,
  net                           numeric(19,4) not null,
  currency                      char(3) not null check (currency ~ '^[A-Z]{3}$'),
  created                       timestamptz not null,
  available_on                  timestamptz not null,
  journal_id                    uuid references ledger_journals,
  created_at                    timestamptz not null default now(),
  updated_at                    timestamptz not null default now(),
  constraint stripe_balance_transactions_once unique (account, stripe_balance_transaction_id),
  constraint stripe_balance_transactions_net check (net = amount - fee)
);
create index stripe_balance_transactions_source on stripe_balance_transactions (source);
create index stripe_balance_transactions_journal on stripe_balance_transactions (journal_id) where journal_id is not null;
create index stripe_balance_transactions_unbooked on stripe_balance_transactions (account, available_on) where journal_id is null;
comment on table stripe_balance_transactions is 'Stripe''s own books, account by account, as imported';
comment on column stripe_balance_transactions.source is 'The object that moved the money, by Stripe''s id';
comment on column stripe_balance_transactions.journal_id is 'Our journal for it; null until booked';
--rollback drop table stripe_balance_transactions;

--changeset coachpay:balance_imports
create table balance_imports (
  id             uuid primary key,
  account        text not null unique check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  requested_at   timestamptz,
  imported_until timestamptz,
  resume_after   text,
  listing_from   timestamptz,
  failure        text,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create index balance_imports_requested on balance_imports (requested_at) where requested_at is not null;
comment on table balance_imports is 'How far each account''s balance transactions have been imported';
comment on column balance_imports.requested_at is 'Somebody said that there is something new: import soon';
comment on column balance_imports.imported_until is 'Moves when a listing has ended, not before';
comment on column balance_imports.resume_after is 'The last balance transaction of a listing under way';
comment on column balance_imports.listing_from is 'When the listing under way began: the next mark';
--rollback drop table balance_imports;
