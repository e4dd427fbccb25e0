--liquibase formatted sql

-- A trial is had once of each product, also by a subscription that came to the product while its trial went on.

--changeset coachpay:subscriptions_trials
alter table subscriptions
  add column trial_product_ids uuid[] not null default '{}',
  add column change_ends_trial boolean;
alter table subscriptions
  add constraint subscriptions_change_ends_trial_check check (change_ends_trial is null or wanted_price_id is not null) not valid;
comment on column subscriptions.trial_product_ids is
  'Other products to whose plans it was changed during its trial: their trials are used up too';
comment on column subscriptions.change_ends_trial is 'Whether the trial ends with the change, and the first period is paid at once';
--rollback alter table subscriptions drop column change_ends_trial, drop column trial_product_ids;

--changeset coachpay:subscriptions_trials_valid
alter table subscriptions validate constraint subscriptions_change_ends_trial_check;
--rollback select 1;
