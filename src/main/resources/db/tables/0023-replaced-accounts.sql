--liquibase formatted sql

-- Accounts that were replaced are gone for good: nothing is imported of them any more.

--changeset coachpay:balance_imports_of_replaced_accounts
delete from balance_imports i using stripe_connected_accounts c where i.account = any (c.replaced_accounts);
--rollback select 1;
