--liquibase formatted sql

-- What takes several calls to Stripe after the payment: payers' disputes, and the steps by which money is moved
-- between the platform and a coach's account on their own, one row for each call, written before it.

--changeset coachpay:disputes
create table disputes (
  id                    uuid primary key,
  transaction_id        uuid not null references transactions,
  stripe_dispute_id     text not null unique check (stripe_dispute_id ~ '^(dp|du)_[a-zA-Z0-9]+$'),
  amount                numeric(19,4) not null check (amount > 0),
  currency              char(3) not null check (currency ~ '^[A-Z]{3}$'),
  status                text not null check (status ~ '^[a-z_]+$'),
  reason                text not null,
  withdrawn_amount      numeric(19,4) not null default 0,
  evidence              jsonb not null default '{}',
  evidence_due_by       timestamptz,
  submission_asked_at   timestamptz,
  submitted_by          uuid references users,
  evidence_submitted_at timestamptz,
  attempt               integer not null default 1 check (attempt > 0),
  check_at              timestamptz,
  stripe_as_of          timestamptz,
  opened_at             timestamptz not null,
  closed_at             timestamptz,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now()
);
create index disputes_transaction on disputes (transaction_id, id);
create index disputes_submitted_by on disputes (submitted_by) where submitted_by is not null;
create index disputes_to_check on disputes (check_at) where check_at is not null;
create index disputes_status on disputes (status, created_at);
comment on table disputes is 'What payers'' banks dispute, mirrored; several may hang on one payment';
comment on column disputes.status is 'As Stripe says';
comment on column disputes.withdrawn_amount is
  'What Stripe took from the platform for it and has not given back, by its balance transactions; fees are not in it';
comment on column disputes.evidence is 'Texts by Stripe''s names, kept here until they are submitted, once; an empty one was taken away';
comment on column disputes.submission_asked_at is 'When somebody had the evidence sent to the bank; Stripe has yet to confirm it';
comment on column disputes.evidence_submitted_at is 'When Stripe was first seen to have sent evidence to the bank, ours or the dashboard''s';
comment on column disputes.check_at is 'When it is looked at next; null once nothing is expected of it any more';
comment on column disputes.closed_at is 'When it was first seen to be decided; null while it is open';
comment on column disputes.attempt is 'Part of the idempotency key at Stripe';
comment on column disputes.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table disputes;

--changeset coachpay:transfer_steps
create table transfer_steps (
  id              uuid primary key,
  kind            text not null check (kind in ('transfer', 'reversal', 'fee_refund')),
  purpose         text not null check (purpose in ('refund_rest', 'refund_failed', 'dispute_recovery', 'dispute_won', 'credit_session')),
  transaction_id  uuid not null references transactions,
  refund_id       uuid references refunds,
  dispute_id      uuid references disputes,
  transfer_id     uuid references transfers,
  amount          numeric(19,4) not null check (amount > 0),
  currency        char(3) not null check (currency ~ '^[A-Z]{3}$'),
  status          text not null default 'requested'
    check (status in ('requested', 'created', 'waiting_for_funds', 'refused')),
  stripe_id       text unique check (stripe_id ~ '^(tr|trr|fr)_[a-zA-Z0-9]+$'),
  failure_code    text,
  failure_message text,
  attempt         integer not null default 1 check (attempt > 0),
  check_at        timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint transfer_steps_reversal_of check ((kind = 'reversal') = (transfer_id is not null))
);
create index transfer_steps_transaction on transfer_steps (transaction_id, id);
create index transfer_steps_refund on transfer_steps (refund_id) where refund_id is not null;
create index transfer_steps_dispute on transfer_steps (dispute_id) where dispute_id is not null;
create index transfer_steps_transfer on transfer_steps (transfer_id) where transfer_id is not null;
create index transfer_steps_to_take on transfer_steps (check_at) where status in ('requested', 'waiting_for_funds');
-- Two that ask for the same would take it twice, wherever Stripe had enough left.
create unique index transfer_steps_one_rest_of_transfer on transfer_steps (transfer_id)
  where kind = 'reversal' and purpose = 'refund_rest' and status in ('requested', 'waiting_for_funds');
create unique index transfer_steps_one_rest_of_fee on transfer_steps (transaction_id)
  where kind = 'fee_refund' and purpose = 'refund_rest' and status in ('requested', 'waiting_for_funds');
create unique index transfer_steps_one_repayment on transfer_steps (refund_id) where purpose = 'refund_failed';
create index transfer_steps_status on transfer_steps (status, created_at);
comment on table transfer_steps is
  'Calls that move money between the platform and a coach on their own: a transfer, a reversal, a fee given back';
comment on column transfer_steps.transfer_id is 'Which transfer a reversal takes back from';
comment on column transfer_steps.amount is 'As asked of Stripe; what is booked is what Stripe then tells';
comment on column transfer_steps.attempt is 'Part of the idempotency key at Stripe';
comment on column transfer_steps.check_at is 'When it is tried next';
--rollback drop table transfer_steps;
