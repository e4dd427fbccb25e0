--liquibase formatted sql

-- What a plan gives its subscriber, kept where it was agreed: on the coach's booking, and on the buyer's purchase of credits.

--changeset coachpay:sessions_fee_source
alter table sessions add column fee_source text not null default 'profile';
alter table sessions add constraint sessions_fee_source_check check (fee_source in ('profile', 'plan')) not valid;
comment on column sessions.fee_source is
  'Whose percentage the platform''s fee is: the coach''s own, or the lower one of the plan that the coach subscribed to at booking';
--rollback alter table sessions drop column fee_source;

--changeset coachpay:sessions_fee_source_valid
alter table sessions validate constraint sessions_fee_source_check;
--rollback select 1;

--changeset coachpay:transactions_bonus
alter table transactions
  add column bonus_percentage numeric(5,2) not null default 0,
  add column bonus_credits    numeric(12,6) not null default 0;
-- The package's own credits are what is left of credit_amount without the bonus.
alter table transactions add constraint transactions_bonus check (
  case when type = 'credit_purchase'
    then bonus_percentage between 0 and 100
         and bonus_credits = round((credit_amount - bonus_credits) * bonus_percentage / 100, 6)
    else bonus_percentage = 0 and bonus_credits = 0 end) not valid;
comment on column transactions.bonus_percentage is 'What the plan of the buyer of credits added to those of the package';
comment on column transactions.bonus_credits is 'Of the credits bought, those that the buyer''s plan added';
--rollback alter table transactions drop constraint transactions_bonus;
--rollback alter table transactions drop column bonus_credits, drop column bonus_percentage;

--changeset coachpay:transactions_bonus_valid
alter table transactions validate constraint transactions_bonus;
--rollback select 1;
