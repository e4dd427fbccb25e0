--liquibase formatted sql

-- Who decided what by hand is for those who decide and those who look into it.

--changeset coachpay:policies_adjustments runOnChange:true
call guard('adjustments');
create policy admin_read on adjustments for select to app_admin using (true);
create policy service on adjustments to app_service using (true) with check (true);
create policy analyst_read on adjustments for select to analyst using (true);
grant select on adjustments to app_admin;
grant select, insert on adjustments to app_service;
grant select on adjustments to analyst;
--rollback call unguard('adjustments');
