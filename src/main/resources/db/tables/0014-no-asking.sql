--liquibase formatted sql

-- A saved card is charged by confirming a payment that is known to exist, so that giving it up is always certain.

--changeset coachpay:transactions_without_asked_at
alter table transactions drop column asked_at;
--rollback alter table transactions add column asked_at timestamptz;
