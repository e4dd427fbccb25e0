--liquibase formatted sql

-- Everybody sees and renames oneself. The first sight of a subject is the service's business, for then there is no user yet.

--changeset coachpay:policies_users runOnChange:true
call guard('users',
  'own_read for select to app_user using (id = (select app_user_id()))',
  'own_change for update to app_user, app_admin using (id = (select app_user_id())) with check (id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select, update (email, name) on users to app_user;
grant select, update (email, name) on users to app_admin;
-- the subject is somebody's login
grant select, insert, update (email, name, token_email, token_name, erased_at) on users to app_service;
-- names and addresses are nobody's figures
grant select (id, user_id, created_at) on users to analyst;
--rollback call unguard('users');
