--liquibase formatted sql

-- An update that names a column of a unique index waits for everybody who refers to its row, since they might refer to that column.
-- An index with a condition serves no reference, so that such an update waits for nobody. Subscriptions begin, and invoices come,
-- while a plan and a subscription are changed.

--changeset coachpay:subscription_plans_price_key runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists subscription_plans_price_key;
create unique index concurrently subscription_plans_price_key on subscription_plans (stripe_price_id) where stripe_price_id is not null;
set lock_timeout = '2s';
--rollback drop index subscription_plans_price_key;

--changeset coachpay:subscriptions_keys runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists subscriptions_stripe_key;
create unique index concurrently subscriptions_stripe_key on subscriptions (stripe_subscription_id)
  where stripe_subscription_id is not null;
drop index concurrently if exists subscriptions_page_key;
create unique index concurrently subscriptions_page_key on subscriptions (stripe_checkout_session_id)
  where stripe_checkout_session_id is not null;
set lock_timeout = '2s';
--rollback drop index subscriptions_page_key;
--rollback drop index subscriptions_stripe_key;

--changeset coachpay:subscription_plans_price_unreferenced
alter table subscription_plans drop constraint subscription_plans_stripe_price_id_key;
--rollback alter table subscription_plans add constraint subscription_plans_stripe_price_id_key unique (stripe_price_id);

--changeset coachpay:subscriptions_keys_unreferenced
alter table subscriptions drop constraint subscriptions_stripe_subscription_id_key,
  drop constraint subscriptions_stripe_checkout_session_id_key;
--rollback alter table subscriptions add constraint subscriptions_stripe_subscription_id_key unique (stripe_subscription_id);
--rollback alter table subscriptions add constraint subscriptions_stripe_checkout_session_id_key unique (stripe_checkout_session_id);
