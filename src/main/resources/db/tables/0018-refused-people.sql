--liquibase formatted sql

-- What Stripe does not take of people must not keep them from paying and being paid.

--changeset coachpay:stripe_customers_refused
alter table stripe_customers
  add column refused_email text,
  add column refused_name text,
  add constraint stripe_customers_synced_whole
    check (sync_status <> 'synced' or (refused_email is null and refused_name is null));
comment on column stripe_customers.refused_email is
  'The owner''s latest address, which Stripe did not take: the customer does without it until there is another';
comment on column stripe_customers.refused_name is 'The same of the name';
--rollback alter table stripe_customers drop column refused_email, drop column refused_name;
