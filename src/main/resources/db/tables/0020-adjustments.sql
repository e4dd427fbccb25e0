--liquibase formatted sql

-- What Stripe did by itself, or somebody in its dashboard, is booked as Stripe has it: by a rule where it is understood, and
-- by an administrator with a reason where it is not.

--changeset coachpay:ledger_accounts_adjustments
alter table ledger_accounts drop constraint ledger_accounts_kind_check;
alter table ledger_accounts add constraint ledger_accounts_kind_check check (kind in (
  'coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out', 'credits', 'deferred', 'credit_debt',
  'external', 'fx', 'platform_revenue', 'platform_promotions', 'platform_bank', 'platform_adjustments', 'stripe_fees',
  'dispute_losses', 'refund_clearing'));
--rollback alter table ledger_accounts drop constraint ledger_accounts_kind_check;
--rollback alter table ledger_accounts add constraint ledger_accounts_kind_check check (kind in ('coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out', 'credits', 'deferred', 'credit_debt', 'external', 'fx', 'platform_revenue', 'platform_promotions', 'platform_bank', 'stripe_fees', 'dispute_losses', 'refund_clearing'));

--changeset coachpay:adjustments
create table adjustments (
  id                     uuid primary key,
  balance_transaction_id uuid not null,
  journal_id             uuid not null,
  finding_id             uuid not null references reconciliation_findings,
  source                 text check (source <> ''),
  reason                 text not null check (reason ~ '\S'),
  booked_by              uuid not null references users,
  created_at             timestamptz not null default now(),
  constraint adjustments_once unique (balance_transaction_id),
  constraint adjustments_journal unique (journal_id),
  foreign key (balance_transaction_id) references stripe_balance_transactions,
  foreign key (journal_id) references ledger_journals
);
create index adjustments_finding on adjustments (finding_id);
create index adjustments_source on adjustments (source) where source is not null;
create index adjustments_booked_by on adjustments (booked_by);
comment on table adjustments is 'Balance transactions that an administrator had booked as Stripe has them, and why';
comment on column adjustments.source is
  'The object at Stripe that no fact may be booked for any more; null where facts have nothing to do with such lines';
comment on column adjustments.reason is 'In the administrator''s words';
--rollback drop table adjustments;

--changeset coachpay:balance_imports_back_off
alter table balance_imports
  add column failures     integer not null default 0 check (failures >= 0),
  add column failed_since timestamptz,
  add column retry_at     timestamptz,
  add constraint balance_imports_failed check ((failures > 0) <= (failed_since is not null and retry_at is not null));
comment on column balance_imports.failures is 'How often in a row the import has failed, for another reason than that Stripe was away';
comment on column balance_imports.failed_since is 'Since when it has not succeeded';
comment on column balance_imports.retry_at is 'Not to be tried before, whoever asks for it';
--rollback alter table balance_imports drop column retry_at, drop column failed_since, drop column failures;

--changeset coachpay:unreadable_lines
create table unreadable_lines (
  id         uuid primary key,
  account    text not null check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  stripe_id  text not null check (stripe_id <> ''),
  problem    text not null,
  line       text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint unreadable_lines_once unique (account, stripe_id)
);
comment on table unreadable_lines is 'Balance transactions of Stripe''s that could not be understood, so that those after them could be imported';
comment on column unreadable_lines.problem is 'What is wrong with it';
comment on column unreadable_lines.line is 'As Stripe sent it, cut off where it is long';
--rollback drop table unreadable_lines;

--changeset coachpay:past_time_zones
-- A month begins where the coach lived when it did: what was given out for it stays as it was.
create table past_time_zones (
  id         uuid primary key default gen_random_uuid(),
  user_id    uuid not null references users on delete cascade,
  time_zone  text not null,
  until      timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index past_time_zones_user on past_time_zones (user_id, until);
comment on table past_time_zones is 'Where coaches'' days began before they changed it, for the statements of months that began then';
comment on column past_time_zones.until is 'When the profile got another one';
--rollback drop table past_time_zones;

--changeset coachpay:lines_ignored
-- What only holds money back within an account is no fact, and need not be looked at again and again.
alter table stripe_balance_transactions add column ignored boolean not null default false;
update stripe_balance_transactions set ignored = true
 where type in ('reserve_transaction', 'reserved_funds', 'reserve_hold', 'reserve_release', 'payment_network_reserve_hold',
       'payment_network_reserve_release', 'payout_minimum_balance_hold', 'payout_minimum_balance_release');
drop index stripe_balance_transactions_unmatched;
create index stripe_balance_transactions_unmatched on stripe_balance_transactions (id) where fact_journal_id is null and not ignored;
comment on column stripe_balance_transactions.ignored is 'It belongs to no fact, and no comparison counts it';
--rollback drop index stripe_balance_transactions_unmatched;
--rollback create index stripe_balance_transactions_unmatched on stripe_balance_transactions (id) where fact_journal_id is null;
--rollback alter table stripe_balance_transactions drop column ignored;
