--liquibase formatted sql

-- What follows from a refund after it succeeded or failed: what the coach still has to give, or gets back.

--changeset coachpay:refunds_looked_after
alter table refunds add column fee_regained numeric(19,4) check (fee_regained >= 0);
drop index refunds_to_check;
create index refunds_to_check on refunds (check_at) where check_at is not null;
comment on column refunds.fee_regained is 'Of one that failed: what of the fee given back for it is the platform''s again';
comment on column refunds.check_at is 'When the next thing is done about it; null once nothing more follows from it';
--rollback drop index refunds_to_check;
--rollback create index refunds_to_check on refunds (check_at) where status in ('requested', 'pending', 'requires_action');
--rollback alter table refunds drop column fee_regained;
