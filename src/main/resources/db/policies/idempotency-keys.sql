--liquibase formatted sql

-- Answers belong to the caller who asked, administrators included. The service only deletes expired ones.

--changeset coachpay:policies_idempotency_keys runOnChange:true
call guard('idempotency_keys',
  'own to app_user, app_admin using (user_id = (select app_user_id())) with check (user_id = (select app_user_id()))',
  'service to app_service using (true) with check (true)');
grant select, insert, delete, update (id, holder, request_hash, locked_at, expires_at, response_status, response_body, completed_at)
  on idempotency_keys to app_user;
grant select, insert, delete, update (id, holder, request_hash, locked_at, expires_at, response_status, response_body, completed_at)
  on idempotency_keys to app_admin;
grant select (id, expires_at), delete on idempotency_keys to app_service;
--rollback call unguard('idempotency_keys');
