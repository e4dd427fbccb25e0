--liquibase formatted sql

-- A saved card is charged by confirming a payment that is known to exist, so that giving it up is always certain.

--changeset coachpay:transactions_without_asked_at
alter table transactions drop column asked_at;
--rollback alter table transactions add column asked_at timestamptz;

-- A refusal that is told late is not taken for one of the card that is tried by now.

--changeset coachpay:transactions_as_of
alter table transactions add column stripe_as_of timestamptz;
comment on column transactions.stripe_as_of is
  'What Stripe said of its course until then is taken over, or belongs to an earlier try';
--rollback alter table transactions drop column stripe_as_of;
