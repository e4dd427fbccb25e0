--liquibase formatted sql

-- Comparing costs what has changed: a run reads what was touched since the mark of the one before, and a share of all the rest.
-- Indexes are made beside running writers, outside of a transaction.

--changeset coachpay:lines_touched runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists stripe_balance_transactions_touched;
create index concurrently stripe_balance_transactions_touched on stripe_balance_transactions (updated_at, id);
drop index concurrently if exists stripe_balance_transactions_to_come;
create index concurrently stripe_balance_transactions_to_come on stripe_balance_transactions (account, available_on);
drop index concurrently if exists stripe_balance_transactions_unmatched_ids;
create index concurrently stripe_balance_transactions_unmatched_ids on stripe_balance_transactions (stripe_balance_transaction_id)
  where fact_journal_id is null and not ignored;
set lock_timeout = '2s';
--rollback drop index stripe_balance_transactions_unmatched_ids;
--rollback drop index stripe_balance_transactions_to_come;
--rollback drop index stripe_balance_transactions_touched;

--changeset coachpay:journals_of_no_payment runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists ledger_journals_of_no_payment;
create index concurrently ledger_journals_of_no_payment on ledger_journals (reference) where transaction_id is null;
set lock_timeout = '2s';
--rollback drop index ledger_journals_of_no_payment;

--changeset coachpay:payouts_touched runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists payouts_touched;
create index concurrently payouts_touched on payouts (updated_at);
set lock_timeout = '2s';
--rollback drop index payouts_touched;

--changeset coachpay:reconciliation_marks
alter table reconciliation_runs
  add column books_at    timestamptz,
  add column sweep_began timestamptz,
  add column sweep_at    text;
comment on column reconciliation_runs.books_at is
  'The database''s time since which the next run compares what was touched; what agreed before stays agreed';
comment on column reconciliation_runs.sweep_began is 'When the comparison of all books under way, or the last one, began';
comment on column reconciliation_runs.sweep_at is 'How far that has come; null when it is over';
--rollback alter table reconciliation_runs drop column books_at, drop column sweep_began, drop column sweep_at;

--changeset coachpay:balance_import_totals
create table balance_import_totals (
  id         uuid primary key default gen_random_uuid(),
  account    text not null check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  currency   char(3) not null check (currency ~ '^[A-Z]{3}$'),
  net        numeric(19,4) not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint balance_import_totals_once unique (account, currency)
);
comment on table balance_import_totals is
  'The sum of an account''s imported balance transactions, moved with each by a trigger alone; without the platform''s reserves';
--rollback drop table balance_import_totals;

--changeset coachpay:listings_by_activity
alter table balance_imports
  add column moved_at timestamptz,
  add column next_at  timestamptz;
update balance_imports set moved_at = now(), next_at = coalesce(imported_until, now()) + interval '1 hour';
alter table payout_listings add column failures integer not null default 0 check (failures >= 0);
comment on column balance_imports.moved_at is 'When an import last brought something new: the longer ago, the less often there is one';
comment on column balance_imports.next_at is 'When it is imported again, if nobody asks for it before';
comment on column payout_listings.failures is 'How many listings in a row have not ended; the pauses between them grow';
--rollback alter table payout_listings drop column failures;
--rollback alter table balance_imports drop column moved_at, drop column next_at;

--changeset coachpay:turns
alter table stripe_customers add column push_tried_at timestamptz;
alter table stripe_connected_accounts add column payouts_tried_at timestamptz;
alter table stripe_balance_transactions
  add column book_at timestamptz,
  add column problem text;
comment on column stripe_customers.push_tried_at is 'When Stripe was last to be told of what it has not heard; moved before it is tried';
comment on column stripe_connected_accounts.payouts_tried_at is
  'When Stripe was last to be told that payouts are ours to decide; moved before it is tried';
comment on column stripe_balance_transactions.book_at is 'When its booking is tried again after the books refused it; null where they did not';
comment on column stripe_balance_transactions.problem is 'Why the books refused it';
--rollback alter table stripe_balance_transactions drop column book_at, drop column problem;
--rollback alter table stripe_connected_accounts drop column payouts_tried_at;
--rollback alter table stripe_customers drop column push_tried_at;

--changeset coachpay:turns_by_index runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists stripe_customers_to_push;
create index concurrently stripe_customers_to_push on stripe_customers (push_tried_at) where sync_status = 'pending';
drop index concurrently if exists stripe_connected_accounts_not_manual;
create index concurrently stripe_connected_accounts_not_manual on stripe_connected_accounts (payouts_tried_at) where not payouts_manual;
drop index concurrently if exists stripe_balance_transactions_refused;
create index concurrently stripe_balance_transactions_refused on stripe_balance_transactions (id) where problem is not null;
set lock_timeout = '2s';
--rollback drop index stripe_balance_transactions_refused;
--rollback drop index stripe_connected_accounts_not_manual;
--rollback drop index stripe_customers_to_push;
