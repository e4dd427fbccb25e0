--liquibase formatted sql

-- Columns that nothing ever wrote. Why a person booked something stands in the row of the decision.
-- Out of use since 0.1.0: payouts.metadata, ledger_journals.description; no release wrote or read them

--changeset coachpay:payouts_without_metadata
alter table payouts drop column metadata;
--rollback alter table payouts add column metadata jsonb not null default '{}';

--changeset coachpay:ledger_journals_without_description
alter table ledger_journals drop column description;
--rollback alter table ledger_journals add column description text;
