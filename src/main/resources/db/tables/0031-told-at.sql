--liquibase formatted sql

-- Stripe tells time in seconds. What was read may be older than an event of the same second that was taken over while the
-- answer was on its way.

--changeset coachpay:stripe_connected_accounts_told_at
alter table stripe_connected_accounts add column stripe_told_at timestamptz;
comment on column stripe_connected_accounts.stripe_told_at is 'When, by our clock, what is mirrored here was taken over';
--rollback alter table stripe_connected_accounts drop column stripe_told_at;

--changeset coachpay:stripe_customers_told_at
alter table stripe_customers add column stripe_told_at timestamptz;
comment on column stripe_customers.stripe_told_at is 'When, by our clock, what is mirrored here was taken over';
--rollback alter table stripe_customers drop column stripe_told_at;
