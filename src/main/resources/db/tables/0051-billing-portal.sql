--liquibase formatted sql

-- What subscribers may do in Stripe's billing portal. A configuration is made when one with its offer is needed, and never changed.

--changeset coachpay:billing_portal_configurations
create table billing_portal_configurations (
  id                      uuid primary key,
  audience                text not null check (audience in ('user', 'organization')),
  offer                   text not null,
  stripe_configuration_id text unique check (stripe_configuration_id ~ '^bpc_[a-zA-Z0-9]+$'),
  is_current              boolean not null default true,
  altered_at              timestamptz,
  attempt                 integer not null default 1 check (attempt >= 1),
  created_at              timestamptz not null default now(),
  constraint billing_portal_configurations_altered check (altered_at is null or not is_current)
);
create unique index billing_portal_configurations_current on billing_portal_configurations (audience, offer) where is_current;
comment on table billing_portal_configurations is 'Configurations of Stripe''s billing portal: one for each offer of plans';
comment on column billing_portal_configurations.offer is 'A line for each product of Stripe''s, with the prices that subscribers may change to';
comment on column billing_portal_configurations.is_current is 'Whether visits are opened with it while its offer is for sale';
comment on column billing_portal_configurations.altered_at is 'When somebody changed it at Stripe; it is used no more';
comment on column billing_portal_configurations.attempt is 'Part of the idempotency key of the next call';
--rollback drop table billing_portal_configurations;
