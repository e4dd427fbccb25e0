--liquibase formatted sql

-- What follows from a refund after it succeeded or failed: what the coach still has to give, or gets back.

--changeset coachpay:refunds_looked_after
alter table refunds
  add column fee_regained numeric(19,4) not null default 0 check (fee_regained >= 0),
  add column fee_forgone numeric(19,4) not null default 0 check (fee_forgone >= 0);
drop index refunds_to_check;
create index refunds_to_check on refunds (check_at) where check_at is not null;
comment on column refunds.fee_regained is 'Of one that failed: what of the fee given back for it is the platform''s again';
comment on column refunds.fee_forgone is
  'What of a fee regained from an earlier failure the platform gives up again for this one, since Stripe has no more of it to return';
comment on column refunds.check_at is 'When the next thing is done about it; null once nothing more follows from it';
--rollback drop index refunds_to_check;
--rollback create index refunds_to_check on refunds (check_at) where status in ('requested', 'pending', 'requires_action');
--rollback alter table refunds drop column fee_regained, drop column fee_forgone;
