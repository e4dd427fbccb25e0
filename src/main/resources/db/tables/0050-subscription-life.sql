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

--changeset coachpay:subscriptions_without_a_page
alter table subscriptions
  alter column success_url drop not null,
  alter column cancel_url drop not null,
  alter column page_expires_at drop not null,
  add column is_direct      boolean not null default false,
  add column payment_method text;
alter table subscriptions
  add constraint subscriptions_page check (
    case when is_direct then num_nonnulls(success_url, cancel_url, page_expires_at, stripe_checkout_session_id) = 0
         else num_nonnulls(success_url, cancel_url, page_expires_at) = 3 and payment_method is null end) not valid,
  add constraint subscriptions_payment_method_check check (payment_method ~ '^(pm|card|src)_[a-zA-Z0-9]+$') not valid;
comment on column subscriptions.is_direct is 'It begins here, with a saved method or a trial that needs none, and not on a page';
comment on column subscriptions.payment_method is 'The saved method that pays the first invoice';
--rollback alter table subscriptions drop constraint subscriptions_page, drop column payment_method, drop column is_direct;
--rollback alter table subscriptions alter column success_url set not null, alter column cancel_url set not null;
--rollback alter table subscriptions alter column page_expires_at set not null;

--changeset coachpay:subscriptions_without_a_page_valid
alter table subscriptions validate constraint subscriptions_page;
alter table subscriptions validate constraint subscriptions_payment_method_check;
--rollback select 1;

--changeset coachpay:subscriptions_changes_of_plan
alter table subscriptions
  add column wanted_price_id text,
  add column prorated_at     timestamptz,
  add column change_attempt  integer,
  add column price_since     timestamptz;
alter table subscriptions
  add constraint subscriptions_wanted_price_id_check check (wanted_price_id ~ '^(price|plan)_[a-zA-Z0-9]+$') not valid,
  add constraint subscriptions_change_attempt_check check (change_attempt > 0) not valid,
  add constraint subscriptions_wanted check (num_nonnulls(wanted_price_id, prorated_at, change_attempt) in (0, 3)) not valid;
comment on column subscriptions.wanted_price_id is 'The price that Stripe is asked for, until its answer is known';
comment on column subscriptions.prorated_at is 'The moment as of which the change is billed, as a preview of it said';
comment on column subscriptions.price_since is 'When Stripe said that the price changed: previews of before are over';
comment on column subscriptions.change_attempt is 'Part of the idempotency key of the change';
--rollback alter table subscriptions drop column price_since, drop column change_attempt, drop column prorated_at, drop column wanted_price_id;

--changeset coachpay:subscriptions_changes_of_plan_valid
alter table subscriptions validate constraint subscriptions_wanted_price_id_check;
alter table subscriptions validate constraint subscriptions_change_attempt_check;
alter table subscriptions validate constraint subscriptions_wanted;
--rollback select 1;
