--liquibase formatted sql

-- Payer and coach see a payment, the service writes it.
-- IS TRUE keeps the OR from becoming an index condition, which would read a busy coach's whole history for one page.

--changeset coachpay:policies_transactions runOnChange:true
call guard('transactions');
create policy own_read on transactions for select to app_user using ((payer_id = (select app_user_id())) is true or (coach_id = (select app_user_id())) is true);
create policy admin_read on transactions for select to app_admin using (true);
create policy service on transactions to app_service using (true) with check (true);
create policy analyst_read on transactions for select to analyst using (true);
grant select on transactions to app_user;
grant select on transactions to app_admin;
grant select, insert, update on transactions to app_service;
grant select on transactions to analyst;
--rollback call unguard('transactions');
