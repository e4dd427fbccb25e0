--liquibase formatted sql

-- What payers' banks took of a payment stands beside what was refunded of it, so that whoever gives money back need not know
-- of disputes. Both columns are kept by rules/disputed-payments.sql alone, which fills them for the payments there are.

--changeset coachpay:transactions_disputed
alter table transactions
  add column disputed_amount numeric(19,4) not null default 0,
  add column lost_amount     numeric(19,4) not null default 0;
alter table transactions add constraint transactions_disputed
  check (disputed_amount >= lost_amount and lost_amount >= 0) not valid;
alter table disputes add constraint disputes_withdrawn_amount check (withdrawn_amount >= 0) not valid;
comment on column transactions.disputed_amount is
  'What Stripe took from the platform for its disputes and has not given back, all of them together; kept by a trigger';
comment on column transactions.lost_amount is
  'What of that belongs to disputes that are decided; while there is more of it, a dispute is open';
--rollback alter table disputes drop constraint disputes_withdrawn_amount;
--rollback alter table transactions drop constraint transactions_disputed;
--rollback alter table transactions drop column disputed_amount, drop column lost_amount;

--changeset coachpay:transactions_disputed_valid
alter table transactions validate constraint transactions_disputed;
alter table disputes validate constraint disputes_withdrawn_amount;
--rollback select 1;
