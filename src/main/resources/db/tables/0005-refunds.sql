--liquibase formatted sql

-- Money that goes back, and money that goes on to a coach: each of Stripe's objects is a row of its own.

--changeset coachpay:refunds
create table refunds (
  id               uuid primary key,
  transaction_id   uuid not null references transactions,
  stripe_refund_id text unique check (stripe_refund_id ~ '^(re|pyr)_[a-zA-Z0-9]+$'),
  amount           numeric(19,4) not null check (amount > 0),
  currency         char(3) not null check (currency ~ '^[A-Z]{3}$'),
  status           text not null default 'requested'
    check (status in ('requested', 'refused', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled')),
  reason           text not null,
  requested_by     uuid references users,
  failure_code     text,
  failure_message  text,
  attempt          integer not null default 1 check (attempt > 0),
  check_at         timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
create index refunds_to_check on refunds (check_at) where status in ('requested', 'pending', 'requires_action');
create index refunds_transaction on refunds (transaction_id, id);
create index refunds_requested_by on refunds (requested_by) where requested_by is not null;
create index refunds_status on refunds (status, created_at);
comment on table refunds is 'Refunds, ours and those made in Stripe''s dashboard';
comment on column refunds.requested_by is 'Null when the service itself or somebody at Stripe''s dashboard asked for it';
comment on column refunds.attempt is 'Part of the idempotency key at Stripe';
comment on column refunds.check_at is 'When Stripe is asked for it or about it next';
--rollback drop table refunds;

--changeset coachpay:transfers
create table transfers (
  id                            uuid primary key,
  transaction_id                uuid not null references transactions,
  connected_account_id          uuid not null references stripe_connected_accounts,
  purpose                       text not null check (purpose in ('payment', 'credit_session', 'dispute_won', 'refund_failed')),
  stripe_transfer_id            text unique check (stripe_transfer_id ~ '^tr_[a-zA-Z0-9]+$'),
  stripe_destination_payment_id text unique check (stripe_destination_payment_id ~ '^py_[a-zA-Z0-9]+$'),
  amount                        numeric(19,4) not null check (amount > 0),
  currency                      char(3) not null check (currency ~ '^[A-Z]{3}$'),
  status                        text not null default 'requested'
    check (status in ('requested', 'created', 'waiting_for_funds', 'refused')),
  failure_code                  text,
  failure_message               text,
  attempt                       integer not null default 1 check (attempt > 0),
  created_at                    timestamptz not null default now(),
  updated_at                    timestamptz not null default now()
);
create index transfers_transaction on transfers (transaction_id, id);
create index transfers_account on transfers (connected_account_id, id);
create index transfers_unfinished on transfers (updated_at) where status in ('requested', 'waiting_for_funds');
comment on table transfers is 'Money on its way from the platform to a coach''s account';
comment on column transfers.amount is 'Gross: for a payment, the application fee is still in it';
comment on column transfers.stripe_destination_payment_id is 'What balance transactions of the coach''s account name as their source';
comment on column transfers.attempt is 'Part of the idempotency key at Stripe';
--rollback drop table transfers;

--changeset coachpay:transfer_reversals
create table transfer_reversals (
  id                                   uuid primary key,
  transfer_id                          uuid not null references transfers,
  refund_id                            uuid references refunds,
  stripe_reversal_id                   text not null unique check (stripe_reversal_id ~ '^trr_[a-zA-Z0-9]+$'),
  stripe_destination_payment_refund_id text unique check (stripe_destination_payment_refund_id ~ '^pyr_[a-zA-Z0-9]+$'),
  amount                               numeric(19,4) not null check (amount > 0),
  currency                             char(3) not null check (currency ~ '^[A-Z]{3}$'),
  occurred_at                          timestamptz not null,
  created_at                           timestamptz not null default now(),
  updated_at                           timestamptz not null default now()
);
create index transfer_reversals_transfer on transfer_reversals (transfer_id, id);
create index transfer_reversals_refund on transfer_reversals (refund_id) where refund_id is not null;
comment on table transfer_reversals is 'Money taken back from a coach''s account';
comment on column transfer_reversals.amount is 'Gross, as Stripe tells it';
--rollback drop table transfer_reversals;

--changeset coachpay:fee_refunds
create table fee_refunds (
  id                        uuid primary key,
  transaction_id            uuid not null references transactions,
  stripe_fee_refund_id      text not null unique check (stripe_fee_refund_id ~ '^fr_[a-zA-Z0-9]+$'),
  stripe_application_fee_id text not null check (stripe_application_fee_id ~ '^fee_[a-zA-Z0-9]+$'),
  amount                    numeric(19,4) not null check (amount > 0),
  currency                  char(3) not null check (currency ~ '^[A-Z]{3}$'),
  occurred_at               timestamptz not null,
  created_at                timestamptz not null default now(),
  updated_at                timestamptz not null default now()
);
create index fee_refunds_transaction on fee_refunds (transaction_id, id);
comment on table fee_refunds is 'Platform fees given back to a coach. Stripe does not say for which refund, so they hang on the payment';
--rollback drop table fee_refunds;
