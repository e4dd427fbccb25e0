--liquibase formatted sql

-- The service's own bookkeeping; administrators may look.

--changeset coachpay:policies_stripe_cursors runOnChange:true
call guard('stripe_cursors',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on stripe_cursors to app_admin;
grant select, insert, update on stripe_cursors to app_service;
--rollback call unguard('stripe_cursors');
