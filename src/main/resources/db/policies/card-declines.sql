--liquibase formatted sql

-- The service counts them, and forgets them after a while: where a person came from is nobody else's business.

--changeset coachpay:policies_card_declines runOnChange:true
call guard('card_declines',
  'service_read for select to app_service using (true)',
  'service_insert for insert to app_service with check (true)',
  'service_locate for update to app_service using (true) with check (true)',
  $$service_forget for delete to app_service using (created_at < now() - interval '25 hours')$$);
grant select, insert, delete on card_declines to app_service;
-- Of several reports of a refusal not the first may know where the person was.
grant update (client_address) on card_declines to app_service;
--rollback call unguard('card_declines');
