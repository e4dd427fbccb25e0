--liquibase formatted sql

-- A profile shows what its coach earns, so only the coach sees it: what is public stands in the view coaches.
-- The three figures are in nobody's grant, post_journals moves them; the platform's fee is an administrator's.

--changeset coachpay:policies_coach_profiles runOnChange:true
call guard('coach_profiles',
  'own_read for select to app_user using (user_id = (select app_user_id()))',
  'own_insert for insert to app_user, app_admin with check (user_id = (select app_user_id()))',
  'own_change for update to app_user using (user_id = (select app_user_id())) with check (user_id = (select app_user_id()))',
  'admin_read for select to app_admin using (true)',
  'admin_change for update to app_admin using (true) with check (true)',
  'service to app_service using (true) with check (true)',
  'analyst_read for select to analyst using (true)');
grant select, insert (id, user_id, headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout, created_at),
  update (headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout) on coach_profiles to app_user;
grant select, insert (id, user_id, headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout, created_at),
  update (headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout, platform_fee_percentage) on coach_profiles to app_admin;
grant select, insert (id, user_id, headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout, platform_fee_percentage, created_at),
  update (headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout, platform_fee_percentage) on coach_profiles to app_service;
grant select on coach_profiles to analyst;
--rollback call unguard('coach_profiles');
