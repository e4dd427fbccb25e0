--liquibase formatted sql

-- What people and companies subscribe to. A price never changes: another amount is another plan, which replaces this one.

--changeset coachpay:subscription_plans
create table subscription_plans (
  id                      uuid primary key,
  product_id              uuid not null,
  replaces                uuid unique,
  name                    text not null check (name ~ '\S' and length(name) <= 100),
  description             text check (length(description) <= 500),
  audience                text not null check (audience in ('user', 'organization')),
  amount                  numeric(19,4) not null check (amount > 0),
  currency                char(3) not null check (currency ~ '^[A-Z]{3}$'),
  billing_interval        text not null check (billing_interval in ('month', 'year')),
  trial_days              integer not null default 0 check (trial_days between 0 and 365),
  tier                    text not null check (tier ~ '^[a-z][a-z0-9_-]{0,39}$'),
  platform_fee_percentage numeric(5,2) check (platform_fee_percentage between 0 and 100),
  credit_bonus_percentage numeric(5,2) not null default 0 check (credit_bonus_percentage between 0 and 100),
  is_active               boolean not null default true,
  sort_order              integer not null default 0,
  stripe_product_id       text check (stripe_product_id ~ '^prod_[a-zA-Z0-9]+$'),
  stripe_price_id         text unique check (stripe_price_id ~ '^price_[a-zA-Z0-9]+$'),
  price_status            text check (price_status in ('pending', 'synced', 'failed')),
  price_attempt           integer not null default 1 check (price_attempt >= 1),
  price_sought_from       timestamptz,
  stripe_as_of            timestamptz,
  push_tried_at           timestamptz,
  created_at              timestamptz not null default now(),
  updated_at              timestamptz not null default now(),
  constraint subscription_plans_line unique (id, product_id, audience),
  constraint subscription_plans_replaces foreign key (replaces, product_id, audience)
    references subscription_plans (id, product_id, audience),
  constraint subscription_plans_first check ((replaces is null) = (product_id = id)),
  constraint subscription_plans_price check (
    (stripe_price_id is null) = (price_status is null) and (stripe_price_id is null) = (stripe_product_id is null))
);
create index subscription_plans_replaced on subscription_plans (replaces, product_id, audience);
create index subscription_plans_product on subscription_plans (stripe_product_id);
create index subscription_plans_for_sale on subscription_plans (sort_order, id) where is_active;
create index subscription_plans_unpushed on subscription_plans (push_tried_at nulls first, id) where price_status = 'pending';
comment on table subscription_plans is 'What people and companies subscribe to: a price, an interval, a tier and benefits';
comment on column subscription_plans.product_id is 'The first of a line of plans that replace each other; the line is one product at Stripe, and one trial';
comment on column subscription_plans.replaces is 'The plan that this one is sold instead of; who subscribes to that stays there';
comment on column subscription_plans.amount is 'What a subscriber pays for each interval';
comment on column subscription_plans.platform_fee_percentage is 'The fee of a coach who subscribes, where it is lower than the coach''s own; null for no benefit';
comment on column subscription_plans.credit_bonus_percentage is 'The credits that a subscriber gets on top';
comment on column subscription_plans.stripe_price_id is 'Made when the first subscribes';
comment on column subscription_plans.price_status is 'Whether Stripe has our name and whether we sell it; failed: Stripe refused';
comment on column subscription_plans.price_attempt is 'Part of the idempotency key of the next call for the price';
comment on column subscription_plans.price_sought_from is 'No call to make the price is older';
comment on column subscription_plans.stripe_as_of is 'When Stripe was last told whether the plan is sold, or asked: anything older changes nothing';
comment on column subscription_plans.push_tried_at is 'When it was last sent; whose turn is next';
--rollback drop table subscription_plans;
