--liquibase formatted sql

-- A payment that Stripe took differently from what was agreed is booked as it was taken, and buys nothing.

--changeset coachpay:transactions_held
alter table transactions
  add column held_at  timestamptz,
  add column mismatch text;
alter table transactions
  add constraint transactions_held_for_a_reason check ((held_at is null) = (mismatch is null)),
  add constraint transactions_held_is_paid check (held_at is null or status in ('completed', 'partially_refunded', 'refunded')),
  add constraint transactions_held_is_no_surplus check (held_at is null or not surplus);
alter table transactions drop constraint transactions_session_payment;
alter table transactions add constraint transactions_session_payment check (
  type <> 'session_payment'
  or session_id is not null and coach_id is not null and method is not null
     and (amount = platform_fee + coach_payout or held_at is not null and destination_account is null and coach_payout = 0));
alter table transactions drop constraint transactions_destination;
alter table transactions add constraint transactions_destination check (
  type <> 'session_payment' or method = 'credits' or destination_account is not null or held_at is not null);
drop index transactions_one_live_per_session;
create unique index transactions_one_live_per_session on transactions (session_id)
  where status <> 'canceled' and not surplus and held_at is null;
create index transactions_held on transactions (coach_id) where held_at is not null;
comment on column transactions.held_at is
  'When we heard that it is not the payment agreed: its figures are those that Stripe took, and it buys nothing';
comment on column transactions.mismatch is 'What was taken and what was agreed';
comment on column transactions.destination_account is
  'The coach''s account at Stripe, frozen when the payment was begun; null for a held one of which that account got nothing';
--rollback comment on column transactions.destination_account is 'The coach''s account at Stripe, frozen when the payment was begun';
--rollback drop index transactions_held;
--rollback drop index transactions_one_live_per_session;
--rollback create unique index transactions_one_live_per_session on transactions (session_id) where status <> 'canceled' and not surplus;
--rollback alter table transactions drop constraint transactions_destination;
--rollback alter table transactions add constraint transactions_destination check (type <> 'session_payment' or method = 'credits' or destination_account is not null);
--rollback alter table transactions drop constraint transactions_session_payment;
--rollback alter table transactions add constraint transactions_session_payment check (type <> 'session_payment' or session_id is not null and coach_id is not null and method is not null and amount = platform_fee + coach_payout);
--rollback alter table transactions drop column held_at, drop column mismatch;
