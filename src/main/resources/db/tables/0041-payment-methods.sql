--liquibase formatted sql

-- Saved payment methods: added here, one of them the default at Stripe, removed here. Each wish is recorded before Stripe hears
-- it. A company's methods stand beside a person's; no door yet leads to them.

--changeset coachpay:payment_methods_owner
alter table payment_methods
  alter column user_id drop not null,
  add column organization_id uuid;
alter table payment_methods
  add constraint payment_methods_organization_id_fkey foreign key (organization_id) references organizations on delete cascade
    not valid,
  add constraint payment_methods_one_owner check (num_nonnulls(user_id, organization_id) = 1) not valid;
comment on column payment_methods.organization_id is 'The company whose method it is; null for a person''s';
--rollback alter table payment_methods drop constraint payment_methods_one_owner, drop constraint payment_methods_organization_id_fkey;
--rollback alter table payment_methods drop column organization_id, alter column user_id set not null;

--changeset coachpay:payment_methods_owner_valid
alter table payment_methods validate constraint payment_methods_organization_id_fkey;
alter table payment_methods validate constraint payment_methods_one_owner;
--rollback select 1;

--changeset coachpay:payment_methods_wishes
alter table payment_methods
  add column wallet           text,
  add column stripe_told_at   timestamptz,
  add column redisplay_due    boolean not null default false,
  add column removal_asked_at timestamptz,
  add column attempt          integer not null default 1,
  add column check_at         timestamptz;
alter table payment_methods
  add constraint payment_methods_attempt_check check (attempt > 0) not valid,
  add constraint payment_methods_open_wishes check (
    check_at is not null or detached_at is not null or not redisplay_due and removal_asked_at is null) not valid;
comment on column payment_methods.wallet is 'The wallet that holds the card, such as apple_pay';
comment on column payment_methods.stripe_told_at is 'When, by our clock, what is mirrored here was taken over';
comment on column payment_methods.redisplay_due is 'Its owner agreed that Stripe''s page may offer it, and Stripe has not heard so yet';
comment on column payment_methods.removal_asked_at is 'When its owner removed it: nothing is paid with it any more, and Stripe hears of it';
comment on column payment_methods.attempt is 'Part of the idempotency key at Stripe';
comment on column payment_methods.check_at is 'When Stripe is told what it has not heard yet';
--rollback alter table payment_methods drop constraint payment_methods_open_wishes, drop constraint payment_methods_attempt_check;
--rollback alter table payment_methods drop column check_at, drop column attempt, drop column removal_asked_at;
--rollback alter table payment_methods drop column redisplay_due, drop column stripe_told_at, drop column wallet;

--changeset coachpay:payment_methods_wishes_valid
alter table payment_methods validate constraint payment_methods_attempt_check;
alter table payment_methods validate constraint payment_methods_open_wishes;
--rollback select 1;

--changeset coachpay:payment_methods_indexes runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists payment_methods_of_organization;
create unique index concurrently payment_methods_of_organization on payment_methods (organization_id, stripe_payment_method_id);
drop index concurrently if exists payment_methods_one_default_of_organization;
create unique index concurrently payment_methods_one_default_of_organization on payment_methods (organization_id) where is_default;
drop index concurrently if exists payment_methods_to_check;
create index concurrently payment_methods_to_check on payment_methods (check_at) where check_at is not null;
set lock_timeout = '2s';
--rollback drop index payment_methods_to_check;
--rollback drop index payment_methods_one_default_of_organization;
--rollback drop index payment_methods_of_organization;

--changeset coachpay:stripe_customers_wanted_default
alter table stripe_customers
  add column wanted_default  text,
  add column default_if_none boolean not null default false,
  add column default_attempt integer not null default 1;
alter table stripe_customers
  add constraint stripe_customers_wanted_default_check check (wanted_default ~ '^(pm|card|src)_[a-zA-Z0-9]+$') not valid,
  add constraint stripe_customers_default_if_none check (wanted_default is not null or not default_if_none) not valid,
  add constraint stripe_customers_default_attempt_check check (default_attempt > 0) not valid;
comment on column stripe_customers.default_payment_method is
  'What Stripe says: the truth that payment_methods.is_default follows';
comment on column stripe_customers.wanted_default is 'The payment method that is to be the default, while Stripe has not heard so yet';
comment on column stripe_customers.default_if_none is 'The wish is ours: it gives way to a default that Stripe already has';
comment on column stripe_customers.default_attempt is 'Part of the idempotency key at Stripe';
--rollback alter table stripe_customers drop constraint stripe_customers_default_attempt_check, drop constraint stripe_customers_default_if_none;
--rollback alter table stripe_customers drop constraint stripe_customers_wanted_default_check;
--rollback alter table stripe_customers drop column default_attempt, drop column default_if_none, drop column wanted_default;

--changeset coachpay:stripe_customers_wanted_default_valid
alter table stripe_customers validate constraint stripe_customers_wanted_default_check;
alter table stripe_customers validate constraint stripe_customers_default_if_none;
alter table stripe_customers validate constraint stripe_customers_default_attempt_check;
--rollback select 1;

--changeset coachpay:stripe_customers_default_of_before
-- A first card was marked as the default and Stripe was not told: it is to be the default where Stripe has none.
update stripe_customers c set wanted_default = m.stripe_payment_method_id, default_if_none = true
  from payment_methods m
 where m.user_id = c.user_id and m.is_default and c.stripe_customer_id is not null
   and c.default_payment_method is null and c.wanted_default is null;
--rollback select 1;

--changeset coachpay:payment_methods_default_of_before
update payment_methods m set is_default = false from stripe_customers c
 where c.user_id = m.user_id and m.is_default and m.stripe_payment_method_id is distinct from c.default_payment_method;
update payment_methods m set is_default = true from stripe_customers c
 where c.user_id = m.user_id and not m.is_default and m.detached_at is null
   and m.stripe_payment_method_id = c.default_payment_method;
--rollback select 1;

--changeset coachpay:stripe_customers_default_untold runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists stripe_customers_default_untold;
create index concurrently stripe_customers_default_untold on stripe_customers (push_tried_at) where wanted_default is not null;
set lock_timeout = '2s';
--rollback drop index stripe_customers_default_untold;

--changeset coachpay:transactions_save_card
alter table transactions add column save_card boolean not null default false;
comment on column transactions.save_card is 'Whether Stripe saves the payer''s method for later payments';
--rollback alter table transactions drop column save_card;

--changeset coachpay:payment_method_setups
create table payment_method_setups (
  id                         uuid primary key,
  user_id                    uuid references users on delete cascade,
  organization_id            uuid references organizations on delete cascade,
  ui                         text not null check (ui in ('elements', 'checkout')),
  status                     text not null default 'requested'
    check (status in ('requested', 'open', 'succeeded', 'failed', 'canceled')),
  stripe_customer_id         text not null check (stripe_customer_id ~ '^cus_[a-zA-Z0-9]+$'),
  stripe_setup_intent_id     text unique check (stripe_setup_intent_id ~ '^seti_[a-zA-Z0-9]+$'),
  stripe_checkout_session_id text unique check (stripe_checkout_session_id ~ '^cs_[a-zA-Z0-9_]+$'),
  stripe_payment_method_id   text check (stripe_payment_method_id ~ '^(pm|card|src)_[a-zA-Z0-9]+$'),
  currency                   text not null check (currency ~ '^[A-Z]{3}$'),
  success_url                text,
  cancel_url                 text,
  client_address             text,
  failure_code               text,
  failure_message            text,
  attempt                    integer not null default 1 check (attempt > 0),
  stripe_as_of               timestamptz,
  check_at                   timestamptz,
  created_at                 timestamptz not null default now(),
  updated_at                 timestamptz not null default now(),
  constraint payment_method_setups_one_owner check (num_nonnulls(user_id, organization_id) = 1),
  constraint payment_method_setups_page check (
    case ui when 'checkout' then num_nonnulls(success_url, cancel_url) = 2
            else num_nonnulls(success_url, cancel_url, stripe_checkout_session_id) = 0 end),
  constraint payment_method_setups_saved check (status <> 'succeeded' or stripe_payment_method_id is not null),
  constraint payment_method_setups_checked check ((check_at is null) = (status in ('succeeded', 'canceled')))
);
create index payment_method_setups_user on payment_method_setups (user_id, id);
create index payment_method_setups_organization on payment_method_setups (organization_id) where organization_id is not null;
create index payment_method_setups_address on payment_method_setups (client_address, created_at) where client_address is not null;
create index payment_method_setups_over on payment_method_setups (created_at) where check_at is null;
create index payment_method_setups_to_check on payment_method_setups (check_at) where check_at is not null;
comment on table payment_method_setups is 'Wishes to save a payment method, written before Stripe is asked for the form or the page';
comment on column payment_method_setups.client_address is 'Where the wish came from: so many an hour are taken from one address';
comment on column payment_method_setups.attempt is 'Part of the idempotency key at Stripe';
comment on column payment_method_setups.check_at is 'When it is ended, should nothing have concluded it by then';
comment on column payment_method_setups.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table payment_method_setups;

--changeset coachpay:card_declines
create table card_declines (
  id             uuid primary key,
  user_id        uuid not null references users on delete cascade,
  stripe_id      text not null unique check (stripe_id ~ '^(ch|py|pi|seti)_[a-zA-Z0-9_]+$'),
  fingerprint    text,
  client_address text,
  created_at     timestamptz not null default now()
);
create index card_declines_user on card_declines (user_id, created_at);
create index card_declines_fingerprint on card_declines (fingerprint, created_at) where fingerprint is not null;
create index card_declines_address on card_declines (client_address, created_at) where client_address is not null;
create index card_declines_created on card_declines (created_at);
comment on table card_declines is 'Cards that banks refused in the last days: so many a day are taken from a person, for a card, from an address';
comment on column card_declines.stripe_id is 'The charge that failed, or the intent with the method that was tried: each counts once';
--rollback drop table card_declines;
