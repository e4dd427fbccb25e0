--liquibase formatted sql

-- Where payments were opened from: a refusal in a form is reported by Stripe, which does not say who sat there.

--changeset coachpay:payment_addresses
create table payment_addresses (
  id             uuid primary key,
  transaction_id uuid not null unique references transactions on delete cascade,
  client_address text not null,
  created_at     timestamptz not null default now()
);
create index payment_addresses_created on payment_addresses (created_at);
comment on table payment_addresses is 'Where payments of the last days were opened from: refused cards count for that address';
--rollback drop table payment_addresses;
