--liquibase formatted sql

-- What Stripe does not have any more: customers that others took the place of, and subscriptions.

--changeset coachpay:stripe_customers_former
alter table stripe_customers add column former_customers text[] not null default '{}';
comment on column stripe_customers.former_customers is 'Customers at Stripe that this one took the place of: their invoices are still its owner''s';
--rollback alter table stripe_customers drop column former_customers;

--changeset coachpay:stripe_customers_former_of_before
update stripe_customers c set former_customers = known.ids
  from (select named.user_id, array_agg(distinct named.customer) as ids
          from (select user_id, stripe_customer_id as customer from subscriptions where user_id is not null
                union select user_id, stripe_customer_id from invoices where user_id is not null) as named
          join stripe_customers now on now.user_id = named.user_id
         where now.stripe_customer_id is distinct from named.customer
           and not exists (select from stripe_customers other where other.stripe_customer_id = named.customer)
         group by named.user_id) as known
 where c.user_id = known.user_id;
--rollback select 1;

--changeset coachpay:stripe_customers_former_index runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists stripe_customers_replaced;
create index concurrently stripe_customers_replaced on stripe_customers using gin (former_customers);
set lock_timeout = '2s';
--rollback drop index stripe_customers_replaced;

--changeset coachpay:subscriptions_missing
alter table subscriptions add column missing_at timestamptz;
alter table subscriptions add constraint subscriptions_missing check (missing_at is null or status = 'canceled') not valid;
comment on column subscriptions.missing_at is 'When Stripe turned out not to have it any more: it counts as ended';
--rollback alter table subscriptions drop constraint subscriptions_missing, drop column missing_at;

--changeset coachpay:subscriptions_missing_valid
alter table subscriptions validate constraint subscriptions_missing;
--rollback select 1;
