--liquibase formatted sql

-- Columns that nothing ever wrote.
-- Out of use since 0.1.0: payouts.metadata

--changeset coachpay:payouts_without_metadata
alter table payouts drop column metadata;
--rollback alter table payouts add column metadata jsonb not null default '{}';
