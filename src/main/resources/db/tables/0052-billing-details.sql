--liquibase formatted sql

-- Where people are taxed, and under which numbers: Stripe's customer is the truth, and this is its mirror.

--changeset coachpay:stripe_customers_billing
alter table stripe_customers
  add column billing_address jsonb,
  add column tax_exempt      text not null default 'none';
alter table stripe_customers
  add constraint stripe_customers_billing_address_check check (jsonb_typeof(billing_address) = 'object') not valid,
  add constraint stripe_customers_tax_exempt_check check (tax_exempt ~ '^[a-z_]{1,40}$') not valid;
comment on column stripe_customers.billing_address is 'As Stripe names its parts: line1, line2, city, state, postal_code, country';
comment on column stripe_customers.tax_exempt is 'In Stripe''s words: none, exempt or reverse';
--rollback alter table stripe_customers drop constraint stripe_customers_tax_exempt_check, drop constraint stripe_customers_billing_address_check;
--rollback alter table stripe_customers drop column tax_exempt, drop column billing_address;

--changeset coachpay:stripe_customers_billing_valid
alter table stripe_customers validate constraint stripe_customers_billing_address_check;
alter table stripe_customers validate constraint stripe_customers_tax_exempt_check;
--rollback select 1;

--changeset coachpay:customer_tax_ids
create table customer_tax_ids (
  id            uuid primary key,
  customer_id   uuid not null references stripe_customers on delete cascade,
  stripe_tax_id text not null unique check (stripe_tax_id ~ '^txi_[a-zA-Z0-9]+$'),
  type          text not null check (type ~ '^[a-z0-9_]{1,40}$'),
  value         text,
  verification  text not null check (verification ~ '^[a-z_]{1,40}$'),
  stripe_as_of  timestamptz not null,
  removed_at    timestamptz,
  created_at    timestamptz not null default now(),
  constraint customer_tax_ids_forgotten check ((value is null) = (removed_at is not null))
);
create index customer_tax_ids_customer on customer_tax_ids (customer_id);
comment on table customer_tax_ids is 'Numbers under which customers pay taxes';
comment on column customer_tax_ids.type is 'In Stripe''s words, such as eu_vat';
comment on column customer_tax_ids.value is 'Forgotten once it is removed; the row stays, so that late news does not bring it back';
comment on column customer_tax_ids.verification is 'In Stripe''s words: pending, unavailable, unverified or verified';
comment on column customer_tax_ids.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table customer_tax_ids;

--changeset coachpay:invoices_without_address runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists invoices_without_address;
create index concurrently invoices_without_address on invoices (subscription_id) where address_needed and status = 'draft';
set lock_timeout = '2s';
--rollback drop index invoices_without_address;
