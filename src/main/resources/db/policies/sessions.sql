--liquibase formatted sql

-- Both sides see a session. Price and split are money, so the service writes, once it has checked them.
-- CASE is no index condition, and is taken to hold for half of the rows. An OR would be one, or be taken to hold for hardly
-- any row; either way PostgreSQL would read and sort a busy coach's whole history for one page.

--changeset coachpay:policies_sessions runOnChange:true
call guard('sessions',
  'own_read for select to app_user using (case when coach_id = (select app_user_id()) then true else mentee_id = (select app_user_id()) end)',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select on sessions to app_user;
grant select on sessions to app_admin;
grant select, insert, update on sessions to app_service;
grant select on sessions to analyst;
--rollback call unguard('sessions');
