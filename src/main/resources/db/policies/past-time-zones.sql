--liquibase formatted sql

-- Written by a trigger alone; a coach's own statements read it.

--changeset coachpay:policies_past_time_zones runOnChange:true
call guard('past_time_zones');
create policy own_read on past_time_zones for select to app_user using (user_id = (select app_user_id()));
create policy admin_read on past_time_zones for select to app_admin using (true);
create policy service on past_time_zones for select to app_service using (true);
grant select on past_time_zones to app_user;
grant select on past_time_zones to app_admin;
grant select on past_time_zones to app_service;
--rollback call unguard('past_time_zones');
