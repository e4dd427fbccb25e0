--liquibase formatted sql

-- People, companies, and who they are at Stripe.

--changeset coachpay:users
create table users (
  id           uuid primary key,
  user_id      text generated always as (id::text) stored,
  oidc_subject text not null unique,
  email        text,
  name         text,
  token_email  text,
  token_name   text,
  erased_at    timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
create index users_email on users (lower(email));
comment on table users is 'Everybody who ever signed in, made from the token on first sight';
comment on column users.token_email is
  'What the token said last, as token_name: only a change there changes ours, for a person may have changed ours since';
comment on column users.user_id is 'The id as text, for people who query by SQL';
comment on column users.erased_at is 'Set when the person asked to be forgotten: the row stays for the books, without personal data';
--rollback drop table users;

--changeset coachpay:organizations
create table organizations (
  id                uuid primary key,
  name              text not null check (name <> ''),
  subscription_tier text,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now()
);
comment on table organizations is 'Companies that pay for their members';
comment on column organizations.subscription_tier is 'Follows the subscription: null without one';
--rollback drop table organizations;

--changeset coachpay:organization_members
create table organization_members (
  id              uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  user_id         uuid not null references users on delete cascade,
  role            text not null default 'member' check (role in ('owner', 'member')),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  unique (organization_id, user_id)
);
create index organization_members_user on organization_members (user_id);
comment on table organization_members is 'Who belongs to which company; owners manage its payments';
--rollback drop table organization_members;

--changeset coachpay:stripe_customers
create table stripe_customers (
  id                     uuid primary key,
  user_id                uuid unique references users on delete cascade,
  organization_id        uuid unique references organizations on delete cascade,
  stripe_customer_id     text unique check (stripe_customer_id ~ '^cus_[a-zA-Z0-9]+$'),
  customer_email         text,
  customer_name          text,
  default_payment_method text check (default_payment_method ~ '^(pm|card|src)_[a-zA-Z0-9]+$'),
  customer_metadata      jsonb not null default '{}',
  sync_status            text not null default 'pending' check (sync_status in ('pending', 'synced', 'failed', 'missing')),
  synced_at              timestamptz,
  attempt                integer not null default 1 check (attempt > 0),
  stripe_as_of           timestamptz,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  constraint stripe_customers_one_owner check (num_nonnulls(user_id, organization_id) = 1)
);
create index stripe_customers_email on stripe_customers (customer_email);
comment on table stripe_customers is 'The Stripe customer of a person or a company, one each, made on first need';
comment on column stripe_customers.sync_status is
  'pending: ours is newer than Stripe''s; synced: equal; failed: Stripe refused; missing: gone at Stripe';
comment on column stripe_customers.attempt is 'Part of the idempotency key at Stripe';
comment on column stripe_customers.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table stripe_customers;

--changeset coachpay:payment_methods
create table payment_methods (
  id                       uuid primary key,
  user_id                  uuid not null references users on delete cascade,
  stripe_payment_method_id text not null check (stripe_payment_method_id ~ '^(pm|card|src)_[a-zA-Z0-9]+$'),
  fingerprint              text,
  type                     text not null,
  brand                    text,
  last4                    text check (last4 ~ '^[0-9A-Za-z]{4}$'),
  expiry_month             integer check (expiry_month between 1 and 12),
  expiry_year              integer check (expiry_year between 2000 and 2200),
  is_default               boolean not null default false,
  stripe_as_of             timestamptz,
  created_at               timestamptz not null default now(),
  updated_at               timestamptz not null default now(),
  unique (user_id, stripe_payment_method_id)
);
create unique index payment_methods_one_default on payment_methods (user_id) where is_default;
create index payment_methods_stripe_id on payment_methods (stripe_payment_method_id);
comment on table payment_methods is 'Saved cards and the like: never a number, only what a person recognises one by';
comment on column payment_methods.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table payment_methods;
