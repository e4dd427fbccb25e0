--liquibase formatted sql

-- Somebody who tries out cards: where payments were opened from, since Stripe reports a refusal in a form and does not say who sat
-- there, and which reasons are not told.

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

--changeset coachpay:transactions_failure_withheld
alter table transactions add column failure_withheld boolean;
alter table transactions add constraint transactions_failure_withheld_check check (failure_withheld) not valid;
comment on column transactions.failure_withheld is 'True where the payer may be trying out cards, and is not told the reason; null otherwise';
--rollback alter table transactions drop constraint transactions_failure_withheld_check, drop column failure_withheld;

--changeset coachpay:transactions_failure_withheld_valid
alter table transactions validate constraint transactions_failure_withheld_check;
--rollback select 1;
