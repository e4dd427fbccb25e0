--liquibase formatted sql

-- Both sides see a session. Price and split are money, so the service writes, once it has checked them.
-- IS TRUE keeps the OR from becoming an index condition, which would read a busy coach's whole history for one page.

--changeset coachpay:policies_sessions runOnChange:true
call guard('sessions');
create policy own_read on sessions for select to app_user using ((mentee_id = (select app_user_id())) is true or (coach_id = (select app_user_id())) is true);
create policy admin_read on sessions for select to app_admin using (true);
create policy service on sessions to app_service using (true) with check (true);
create policy analyst_read on sessions for select to analyst using (true);
grant select on sessions to app_user;
grant select on sessions to app_admin;
grant select, insert, update on sessions to app_service;
grant select on sessions to analyst;
--rollback call unguard('sessions');
