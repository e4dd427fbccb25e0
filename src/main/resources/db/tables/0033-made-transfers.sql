--liquibase formatted sql

-- A row of transfers is written once Stripe has made the transfer; what is asked for stands in transfer_steps.
-- Out of use since 0.1.0: transfers.status, failure_code, failure_message, attempt; no release before it was deployed

--changeset coachpay:transfers_made
drop trigger if exists status_edge on transfers;
alter table transfers drop column status, drop column failure_code, drop column failure_message, drop column attempt;
comment on table transfers is 'Money that went from the platform to a coach''s account';
--rollback alter table transfers add column status text not null default 'created', add column failure_code text, add column failure_message text, add column attempt integer not null default 1;
