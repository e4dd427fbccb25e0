--liquibase formatted sql

-- What Stripe charges the platform for an instant payout, the coach bears: it is taken from the coach's account once Stripe has
-- made the payout.

--changeset coachpay:payouts_fee
alter table payouts
  add column fee                    numeric(19,4) not null default 0,
  add column stripe_fee_transfer_id text unique check (stripe_fee_transfer_id ~ '^tr_[a-zA-Z0-9]+$'),
  add column stripe_fee_payment_id  text unique check (stripe_fee_payment_id ~ '^(py|ch)_[a-zA-Z0-9]+$'),
  add column fee_refusal            text check (fee_refusal <> ''),
  add column fee_attempt            integer not null default 1 check (fee_attempt > 0),
  add column fee_check_at           timestamptz,
  add constraint payouts_fee check (fee >= 0 and (fee = 0 or method = 'instant' and initiated_by = 'coach')),
  add constraint payouts_fee_taken check (
    case when stripe_fee_transfer_id is null then stripe_fee_payment_id is null
         else fee > 0 and stripe_payout_id is not null and stripe_fee_payment_id is not null and fee_refusal is null end),
  add constraint payouts_fee_refused check (fee_refusal is null or fee > 0 and stripe_payout_id is not null);
create index payouts_fee_due on payouts (fee_check_at)
  where fee > 0 and stripe_fee_transfer_id is null and fee_refusal is null;
create index payouts_fee_reserved on payouts (user_id, currency)
  where fee > 0 and stripe_fee_transfer_id is null and fee_refusal is null;
comment on column payouts.fee is 'What the coach pays for an instant payout, besides its amount; zero where the platform bears it';
comment on column payouts.stripe_fee_transfer_id is 'The transfer from the coach''s account that took the fee';
comment on column payouts.stripe_fee_payment_id is 'What that transfer is on the platform''s account';
comment on column payouts.fee_refusal is 'Why Stripe did not take the fee from the coach''s account: the platform bears it';
comment on column payouts.fee_attempt is 'Part of the idempotency key at Stripe';
comment on column payouts.fee_check_at is 'When Stripe is asked for the fee next';
--rollback drop index payouts_fee_reserved;
--rollback drop index payouts_fee_due;
--rollback alter table payouts drop constraint payouts_fee_refused, drop constraint payouts_fee_taken, drop constraint payouts_fee;
--rollback alter table payouts drop column fee_check_at, drop column fee_attempt, drop column fee_refusal, drop column stripe_fee_payment_id, drop column stripe_fee_transfer_id, drop column fee;
