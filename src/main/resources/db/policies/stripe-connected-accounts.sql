--liquibase formatted sql

-- One's own; it mirrors Stripe, so the service writes.

--changeset coachpay:policies_stripe_connected_accounts runOnChange:true
call guard('stripe_connected_accounts');
create policy own_read on stripe_connected_accounts for select to app_user using (user_id = (select app_user_id()));
create policy admin_read on stripe_connected_accounts for select to app_admin using (true);
create policy service on stripe_connected_accounts to app_service using (true) with check (true);
grant select on stripe_connected_accounts to app_user;
grant select on stripe_connected_accounts to app_admin;
grant select, insert, update on stripe_connected_accounts to app_service;
--rollback call unguard('stripe_connected_accounts');
