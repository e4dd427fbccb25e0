--liquibase formatted sql

-- The limiter's.

--changeset coachpay:policies_rate_limit_buckets runOnChange:true
call guard('rate_limit_buckets',
  'service to app_service using (true) with check (true)');
grant select, insert, update, delete on rate_limit_buckets to app_service;
--rollback call unguard('rate_limit_buckets');
