--liquibase formatted sql

-- An administrator sets the limit. What is outstanding is written by post_journals, with the owner's rights.

--changeset coachpay:policies_credit_capacity runOnChange:true
call guard('credit_capacity',
  'admin_read for select to app_admin using (true)',
  'admin_update for update to app_admin using (true) with check (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select, update (limit_amount) on credit_capacity to app_admin;
-- For "select for update", which a purchase begins with.
grant select, update (updated_at) on credit_capacity to app_service;
grant select on credit_capacity to analyst;
--rollback call unguard('credit_capacity');
