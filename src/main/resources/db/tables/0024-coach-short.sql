--liquibase formatted sql

-- How long a payer waits for what the coach's account cannot give is counted from when it could not.

--changeset coachpay:refunds_coach_short_since
alter table refunds add column coach_short_since timestamptz;
comment on column refunds.coach_short_since is
  'Since when Stripe refuses it because the coach''s account cannot give its part; null where it never did';
--rollback alter table refunds drop column coach_short_since;
