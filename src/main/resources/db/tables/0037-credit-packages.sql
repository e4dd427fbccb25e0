--liquibase formatted sql

-- What credits are sold in. A package is changed for later buyers only: each purchase keeps what its buyer agreed to.

--changeset coachpay:credit_packages
create table credit_packages (
  id                uuid primary key default gen_random_uuid(),
  name              text not null check (name ~ '\S' and length(name) <= 100),
  description       text check (length(description) <= 500),
  amount            numeric(19,4) not null check (amount > 0 and amount = round(amount, 2)),
  currency          char(3) not null default 'USD' check (currency = 'USD'),
  credit_amount     numeric(12,6) not null check (credit_amount > 0),
  is_active         boolean not null default true,
  sort_order        integer not null default 0,
  stripe_product_id text unique check (stripe_product_id ~ '^prod_[a-zA-Z0-9]+$'),
  product_status    text check (product_status in ('pending', 'synced', 'failed')),
  product_attempt   integer not null default 1 check (product_attempt >= 1),
  product_sought_from timestamptz,
  push_tried_at     timestamptz,
  metadata          jsonb not null default '{}',
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  constraint credit_packages_worth check (credit_amount >= amount),
  constraint credit_packages_product check ((stripe_product_id is null) = (product_status is null))
);
create index credit_packages_for_sale on credit_packages (sort_order, id) where is_active;
comment on table credit_packages is 'What credits are sold in. A credit is worth 1.00 of the currency';
comment on column credit_packages.amount is 'What a buyer pays';
comment on column credit_packages.credit_amount is 'What a buyer gets; what exceeds the amount is the platform''s promotion';
create index credit_packages_unpushed on credit_packages (push_tried_at nulls first, id) where product_status = 'pending';
comment on column credit_packages.stripe_product_id is 'Made when the first of it is sold';
comment on column credit_packages.product_status is 'Whether the product has our name; failed: Stripe refused it';
comment on column credit_packages.product_attempt is 'Part of the idempotency key of the next call for the product';
comment on column credit_packages.product_sought_from is 'No call to make the product is older';
comment on column credit_packages.push_tried_at is 'When the name was last sent; whose turn is next';

INSERT INTO credit_packages (name, description, amount, credit_amount, sort_order) VALUES
  ('Small Package', 'Perfect for light usage', 5.00, 5.00, 1),
  ('Medium Package', 'Great for regular usage', 15.00, 15.00, 2),
  ('Large Package', 'Best value for heavy usage', 30.00, 30.00, 3);
--rollback drop table credit_packages;
