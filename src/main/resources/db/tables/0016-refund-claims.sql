--liquibase formatted sql

-- What a payer is to have back in all is kept, whatever becomes of the refunds that were asked for.

--changeset coachpay:transactions_refund_due
alter table transactions
  add column refund_due numeric(19,4),
  add column refund_due_reason text,
  add constraint transactions_refund_due_within_amount check (refund_due between 0 and amount),
  add constraint transactions_refund_due_for_a_reason check ((refund_due is null) = (refund_due_reason is null));
comment on column transactions.refund_due is
  'What the payer is to have back in all, what the bank took included; null while nobody owes anything';
comment on column transactions.refund_due_reason is 'Why, for the books';
--rollback alter table transactions drop column refund_due, drop column refund_due_reason;

--changeset coachpay:refunds_pending_reason
alter table refunds add column pending_reason text;
comment on column refunds.pending_reason is 'Why it is pending, as Stripe says, such as insufficient_funds';
--rollback alter table refunds drop column pending_reason;

-- What waits or was refused, an administrator decides about.

--changeset coachpay:refunds_decided
alter table refunds
  add column decision text check (decision in ('retry', 'withdraw', 'platform_pays')),
  add column decided_by uuid references users,
  add column decided_at timestamptz,
  add constraint refunds_decided_by_somebody check (num_nulls(decision, decided_by, decided_at) in (0, 3));
create index refunds_decided_by on refunds (decided_by) where decided_by is not null;
comment on column refunds.decision is 'The last thing an administrator decided about it';
--rollback drop index refunds_decided_by;
--rollback alter table refunds drop column decision, drop column decided_by, drop column decided_at;

--changeset coachpay:transfer_steps_decided
alter table transfer_steps
  add column decision text check (decision in ('retry', 'withdraw')),
  add column decided_by uuid references users,
  add column decided_at timestamptz,
  add constraint transfer_steps_decided_by_somebody check (num_nulls(decision, decided_by, decided_at) in (0, 3));
create index transfer_steps_decided_by on transfer_steps (decided_by) where decided_by is not null;
comment on column transfer_steps.decision is 'The last thing an administrator decided about it';
--rollback drop index transfer_steps_decided_by;
--rollback alter table transfer_steps drop column decision, drop column decided_by, drop column decided_at;
