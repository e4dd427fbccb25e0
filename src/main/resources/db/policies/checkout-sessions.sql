--liquibase formatted sql

-- Whoever was sent there sees it, the service writes.

--changeset coachpay:policies_checkout_sessions runOnChange:true
call guard('checkout_sessions');
create policy own_read on checkout_sessions for select to app_user using (user_id = (select app_user_id()));
create policy admin_read on checkout_sessions for select to app_admin using (true);
create policy service on checkout_sessions to app_service using (true) with check (true);
create policy analyst_read on checkout_sessions for select to analyst using (true);
grant select on checkout_sessions to app_user;
grant select on checkout_sessions to app_admin;
grant select, insert, update on checkout_sessions to app_service;
grant select on checkout_sessions to analyst;
--rollback call unguard('checkout_sessions');
