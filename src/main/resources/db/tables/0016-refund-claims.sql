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
