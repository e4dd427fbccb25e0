--liquibase formatted sql

-- Credits: bought by a payment, spent on sessions, and limited in number.

--changeset coachpay:transactions_credits
alter table transactions
  add column package_id         uuid,
  add column credits_taken_back numeric(12,6) not null default 0,
  add column deferred_credits   numeric(12,6) not null default 0;
alter table transactions
  add constraint transactions_package_id_fkey foreign key (package_id) references credit_packages not valid,
  add constraint transactions_credit_purchase check (
    case when type = 'credit_purchase'
      then package_id is not null and package_name is not null and credit_amount is not null and session_id is null
           and coach_id is null and destination_account is null and coach_payout = 0
           and (platform_fee = 0 or held_at is not null) and method is distinct from 'credits'
      else package_id is null and package_name is null end) not valid,
  add constraint transactions_paid_with_credits check (
    method is distinct from 'credits' or credit_amount = amount and stripe_payment_intent_id is null) not valid,
  add constraint transactions_credits_taken_back check (
    credits_taken_back between 0 and case when type = 'credit_purchase' then credit_amount else 0 end) not valid,
  add constraint transactions_deferred_credits check (
    deferred_credits between 0 and case when method = 'credits' then credit_amount else 0 end) not valid;
comment on column transactions.package_id is 'The package that was bought; its name and credits stand beside it, as they were then';
comment on column transactions.credits_taken_back is
  'Of the credits bought, those that refunds and disputes took: the share of the amount that is not with us';
comment on column transactions.deferred_credits is
  'Of the credits that paid for a session, those that are neither given back nor earned';
--rollback alter table transactions drop constraint transactions_deferred_credits, drop constraint transactions_credits_taken_back;
--rollback alter table transactions drop constraint transactions_paid_with_credits, drop constraint transactions_credit_purchase;
--rollback alter table transactions drop constraint transactions_package_id_fkey;
--rollback alter table transactions drop column deferred_credits, drop column credits_taken_back, drop column package_id;

--changeset coachpay:transactions_credits_valid
alter table transactions validate constraint transactions_package_id_fkey;
alter table transactions validate constraint transactions_credit_purchase;
alter table transactions validate constraint transactions_paid_with_credits;
alter table transactions validate constraint transactions_credits_taken_back;
alter table transactions validate constraint transactions_deferred_credits;
--rollback select 1;

--changeset coachpay:transactions_package runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists transactions_package;
create index concurrently transactions_package on transactions (package_id) where package_id is not null;
drop index concurrently if exists transactions_deferred;
create index concurrently transactions_deferred on transactions (coach_id) where deferred_credits > 0;
set lock_timeout = '2s';
--rollback drop index transactions_deferred;
--rollback drop index transactions_package;

--changeset coachpay:checkout_sessions_product
alter table checkout_sessions
  add column stripe_product_id text check (stripe_product_id ~ '^prod_[a-zA-Z0-9]+$'),
  add column delayed_methods boolean not null default false;
comment on column checkout_sessions.stripe_product_id is 'What the page sells at Stripe; null where it shows the payment''s description';
comment on column checkout_sessions.delayed_methods is 'Whether the page offers methods whose outcome comes days later';
--rollback alter table checkout_sessions drop column delayed_methods, drop column stripe_product_id;

--changeset coachpay:checkout_sessions_reserved runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists checkout_sessions_reserved;
create index concurrently checkout_sessions_reserved on checkout_sessions (user_id) where reserved_credits > 0;
set lock_timeout = '2s';
--rollback drop index checkout_sessions_reserved;

--changeset coachpay:transfer_steps_credit_refund
alter table transfer_steps drop constraint transfer_steps_purpose_check;
alter table transfer_steps add constraint transfer_steps_purpose_check check (purpose in (
  'refund_rest', 'refund_failed', 'dispute_recovery', 'dispute_won', 'credit_session', 'credit_refund')) not valid;
alter table transfer_steps add constraint transfer_steps_cause check (case purpose
  when 'credit_session' then num_nonnulls(refund_id, dispute_id) = 0 and kind = 'transfer'
  when 'credit_refund' then dispute_id is null and kind = 'reversal' else true end) not valid;
--rollback alter table transfer_steps drop constraint transfer_steps_cause, drop constraint transfer_steps_purpose_check;
--rollback alter table transfer_steps add constraint transfer_steps_purpose_check check (purpose in ('refund_rest', 'refund_failed', 'dispute_recovery', 'dispute_won', 'credit_session'));

--changeset coachpay:transfer_steps_credit_refund_valid
alter table transfer_steps validate constraint transfer_steps_purpose_check;
alter table transfer_steps validate constraint transfer_steps_cause;
--rollback select 1;

--changeset coachpay:transfer_steps_one_credit_session runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists transfer_steps_one_credit_session;
create unique index concurrently transfer_steps_one_credit_session on transfer_steps (transaction_id)
  where purpose = 'credit_session' and status in ('requested', 'waiting_for_funds', 'created');
set lock_timeout = '2s';
--rollback drop index transfer_steps_one_credit_session;

--changeset coachpay:credit_capacity
create table credit_capacity (
  id           uuid primary key default gen_random_uuid(),
  currency     char(3) not null unique check (currency ~ '^[A-Z]{3}$'),
  limit_amount numeric(20,6) check (limit_amount >= 0),
  outstanding  numeric(20,6) not null default 0 check (outstanding >= 0),
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
comment on table credit_capacity is 'How many credits the platform owes at most, and how many it owes now';
comment on column credit_capacity.limit_amount is 'Null for no limit. Open purchases reserve their part of it beforehand';
comment on column credit_capacity.outstanding is 'All wallets and all deferred credits, kept by post_journals alone';
insert into credit_capacity (currency) values ('USD');
--rollback drop table credit_capacity;

--changeset coachpay:credit_adjustments
create table credit_adjustments (
  id          uuid primary key,
  user_id     uuid not null references users,
  amount      numeric(20,6) not null check (amount <> 0),
  currency    char(3) not null check (currency ~ '^[A-Z]{3}$'),
  reason      text not null check (reason ~ '\S' and length(reason) <= 500),
  adjusted_by uuid not null references users,
  journal_id  uuid not null unique references ledger_journals,
  created_at  timestamptz not null default now()
);
create index credit_adjustments_user on credit_adjustments (user_id, id);
create index credit_adjustments_by on credit_adjustments (adjusted_by);
comment on table credit_adjustments is 'Credits that an administrator gave or took, and why';
--rollback drop table credit_adjustments;
