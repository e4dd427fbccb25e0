--liquibase formatted sql

-- The inbox is the service's; administrators read it. What was received is never changed, its payload only emptied. A row goes
-- when its event is over and so old that Stripe can neither deliver nor list it again: until then its id is the wall.

--changeset coachpay:policies_stripe_events runOnChange:true
call guard('stripe_events',
  'admin_read for select to app_admin using (true)',
  'service_read for select to app_service using (true)',
  'service_accept for insert to app_service with check (true)',
  'service_work for update to app_service using (true) with check (true)',
  'service_forget for delete to app_service
     using (status in (''processed'', ''ignored'', ''dead'') and received_at < now() - interval ''90 days'')');
grant select on stripe_events to app_admin;
grant select, insert, delete, update (status, attempts, next_attempt_at, error, processed_at, payload, fetches) on stripe_events to app_service;
--rollback call unguard('stripe_events');
