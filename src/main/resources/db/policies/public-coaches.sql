--liquibase formatted sql

-- What anybody may know of a coach. It runs with the owner's rights on purpose: profiles and accounts
-- themselves are their coaches' alone.

--changeset coachpay:view_coaches runOnChange:true splitStatements:false stripComments:false
create or replace view coaches with (security_barrier = true) as
  select p.user_id as id, u.name, p.headline, p.hourly_rate, p.currency, p.time_zone, p.created_at,
         coalesce(a.charges_enabled and a.transfers_enabled and a.deauthorized_at is null
           and not a.out_of_reach and a.charge_refused_at is null, false) as can_charge
  from coach_profiles p
  join users u on u.id = p.user_id and u.erased_at is null
  left join stripe_connected_accounts a on a.user_id = p.user_id;
comment on view coaches is 'The public side of coaches, by the id that sessions know them by';
comment on column coaches.can_charge is 'Payments reach this coach: others cannot be booked';
revoke all on coaches from public, app_user, app_admin, app_service, analyst;
grant select on coaches to app_user, app_admin, app_service, analyst;
--rollback drop view coaches;
