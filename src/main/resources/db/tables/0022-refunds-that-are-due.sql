--liquibase formatted sql

-- What is due to a payer and has not gone back is not paid out to the coach, so it is looked for at each look at a balance.

--changeset coachpay:transactions_refund_due_missing
create index transactions_refund_due_missing on transactions (coach_id) where refund_due > refunded_amount;
--rollback drop index transactions_refund_due_missing;
