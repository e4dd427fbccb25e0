--liquibase formatted sql

-- Written by a trigger alone; a coach's own statements read it.

--changeset coachpay:policies_past_time_zones runOnChange:true
call guard('past_time_zones',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'service for select to app_service using (true)');
grant select on past_time_zones to app_user;
grant select on past_time_zones to app_admin;
grant select on past_time_zones to app_service;
--rollback call unguard('past_time_zones');
