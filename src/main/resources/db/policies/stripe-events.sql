--liquibase formatted sql

-- The inbox is the service's; administrators read it. What was received is never changed, its payload only emptied.

--changeset coachpay:policies_stripe_events runOnChange:true
call guard('stripe_events',
  'admin_read for select to app_admin using (true)',
  'service to app_service using (true) with check (true)');
grant select on stripe_events to app_admin;
grant select, insert, update (status, attempts, next_attempt_at, error, processed_at, payload) on stripe_events to app_service;
--rollback call unguard('stripe_events');
