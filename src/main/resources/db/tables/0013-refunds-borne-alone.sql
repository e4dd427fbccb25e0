--liquibase formatted sql

-- A coach may leave with what a payer has to get back.

--changeset coachpay:refunds_borne_alone
alter table refunds add column borne_alone boolean not null default false;
comment on column refunds.borne_alone is
  'Whether the platform alone pays it, since Stripe lets nothing be taken from the coach''s account any more';
--rollback alter table refunds drop column borne_alone;
