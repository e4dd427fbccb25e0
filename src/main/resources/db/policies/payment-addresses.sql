--liquibase formatted sql

-- The service notes and forgets them: where a person came from is nobody else's business.

--changeset coachpay:policies_payment_addresses runOnChange:true
call guard('payment_addresses',
  'service_read for select to app_service using (true)',
  'service_insert for insert to app_service with check (true)',
  $$service_forget for delete to app_service using (created_at < now() - interval '25 hours')$$);
grant select, insert, delete on payment_addresses to app_service;
--rollback call unguard('payment_addresses');
