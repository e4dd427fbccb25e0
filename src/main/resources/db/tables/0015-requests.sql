--liquibase formatted sql

-- A request that comes again under its key goes on with what it began, however long that took.

--changeset coachpay:idempotency_keys_holder
alter table idempotency_keys add column holder uuid default gen_random_uuid();
comment on column idempotency_keys.holder is
  'The request that holds the key, the only one that may answer or release it; null when the key was released';
comment on column idempotency_keys.id is 'Stays when another request takes over, and so names what all of them ask for';
--rollback comment on column idempotency_keys.id is null;
--rollback alter table idempotency_keys drop column holder;

--changeset coachpay:refunds_one_a_request
alter table refunds add column request_id uuid;
comment on column refunds.request_id is
  'The idempotency key of the request that asked for it, whose row is forgotten sooner; null where there was none';
create unique index refunds_one_a_request on refunds (request_id) where request_id is not null;
--rollback alter table refunds drop column request_id;

--changeset coachpay:payouts_one_a_request
alter table payouts add column request_id uuid;
comment on column payouts.request_id is
  'The idempotency key of the request that asked for it, whose row is forgotten sooner; null where there was none';
create unique index payouts_one_a_request on payouts (request_id) where request_id is not null;
--rollback alter table payouts drop column request_id;
