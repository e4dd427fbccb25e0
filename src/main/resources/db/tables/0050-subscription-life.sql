--liquibase formatted sql

-- What Stripe's page leaves on a subscription, and steps that are recorded before Stripe hears of them.

--changeset coachpay:subscriptions_own_method
alter table subscriptions add column default_payment_method text;
alter table subscriptions add constraint subscriptions_default_payment_method_check
  check (default_payment_method ~ '^(pm|card|src)_[a-zA-Z0-9]+$') not valid;
comment on column subscriptions.default_payment_method is
  'A method of its own, which outranks the customer''s default: Stripe''s page sets it, and it is cleared';
--rollback alter table subscriptions drop column default_payment_method;

--changeset coachpay:subscriptions_own_method_valid
alter table subscriptions validate constraint subscriptions_default_payment_method_check;
--rollback select 1;
