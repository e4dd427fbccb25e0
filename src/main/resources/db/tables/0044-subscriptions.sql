--liquibase formatted sql

-- Who subscribes to what. A row is written before Stripe is asked for the page on which a subscription begins.

--changeset coachpay:subscriptions
create table subscriptions (
  id                         uuid primary key,
  user_id                    uuid references users on delete cascade,
  organization_id            uuid references organizations on delete cascade,
  plan_id                    uuid references subscription_plans,
  product_id                 uuid not null references subscription_plans,
  status                     text not null default 'requested' check (status in ('requested', 'refused', 'expired', 'incomplete',
    'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
  is_surplus                 boolean not null default false,
  stripe_customer_id         text not null check (stripe_customer_id ~ '^cus_[a-zA-Z0-9]+$'),
  stripe_price_id            text not null check (stripe_price_id ~ '^(price|plan)_[a-zA-Z0-9]+$'),
  stripe_subscription_id     text unique check (stripe_subscription_id ~ '^sub_[a-zA-Z0-9]+$'),
  stripe_checkout_session_id text unique check (stripe_checkout_session_id ~ '^cs_[a-zA-Z0-9_]+$'),
  trial_days                 integer not null check (trial_days between 0 and 365),
  success_url                text not null,
  cancel_url                 text not null,
  page_expires_at            timestamptz not null,
  attempt                    integer not null default 1 check (attempt >= 1),
  check_at                   timestamptz,
  past_due_since             timestamptz,
  current_period_start       timestamptz,
  current_period_end         timestamptz,
  cancel_at                  timestamptz,
  cancel_at_period_end       boolean not null default false,
  canceled_at                timestamptz,
  ended_at                   timestamptz,
  cancellation_reason        text,
  trial_start                timestamptz,
  trial_end                  timestamptz,
  pending_price_id           text check (pending_price_id ~ '^(price|plan)_[a-zA-Z0-9]+$'),
  pending_expires_at         timestamptz,
  collection_paused          boolean not null default false,
  latest_invoice             text check (latest_invoice ~ '^in_[a-zA-Z0-9]+$'),
  stripe_as_of               timestamptz,
  stripe_told_at             timestamptz,
  created_at                 timestamptz not null default now(),
  updated_at                 timestamptz not null default now(),
  constraint subscriptions_one_owner check (num_nonnulls(user_id, organization_id) = 1),
  constraint subscriptions_known check (
    status in ('requested', 'refused', 'expired') = (stripe_subscription_id is null)),
  constraint subscriptions_past_due check ((status = 'past_due') = (past_due_since is not null)),
  constraint subscriptions_planned check (plan_id is not null or stripe_subscription_id is not null),
  constraint subscriptions_surplus check (not is_surplus or stripe_subscription_id is not null)
);
create unique index subscriptions_one_live_of_user on subscriptions (user_id)
  where status in ('requested', 'incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused') and not is_surplus;
create unique index subscriptions_one_live_of_organization on subscriptions (organization_id)
  where status in ('requested', 'incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused') and not is_surplus;
create index subscriptions_user on subscriptions (user_id, id);
create index subscriptions_organization on subscriptions (organization_id, id);
create index subscriptions_plan on subscriptions (plan_id);
create index subscriptions_product on subscriptions (product_id);
create index subscriptions_due on subscriptions (check_at) where check_at is not null;
comment on table subscriptions is 'Who subscribes to what, and the pages on which subscriptions begin: one live for each owner';
comment on column subscriptions.plan_id is 'The plan whose price Stripe bills; null for a price that is no plan''s';
comment on column subscriptions.product_id is 'The product of the plan that was asked for: a trial of it is used up by this subscription';
comment on column subscriptions.status is 'requested: the page may be paid; expired: it is over, or another took its place; refused: Stripe opened none; all others are Stripe''s';
comment on column subscriptions.is_surplus is 'Began although another one lives: it is cancelled at Stripe';
comment on column subscriptions.stripe_price_id is 'What Stripe bills';
comment on column subscriptions.trial_days is 'The trial that the page offers';
comment on column subscriptions.page_expires_at is 'When Stripe closes the page';
comment on column subscriptions.attempt is 'Part of the idempotency key of the next call';
comment on column subscriptions.check_at is 'When Stripe is asked next what became of the page, or to cancel what is surplus; null when nothing is open';
comment on column subscriptions.past_due_since is 'When Stripe said that a renewal was refused: benefits last for a while from then on';
comment on column subscriptions.cancel_at is 'When it ends, as people or Stripe decided';
comment on column subscriptions.pending_price_id is 'A change that waits to be paid, and ends at pending_expires_at';
comment on column subscriptions.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
comment on column subscriptions.stripe_told_at is 'When it was last mirrored, by our clock';
--rollback drop table subscriptions;
