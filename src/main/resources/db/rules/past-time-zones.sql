--liquibase formatted sql

-- A change of a coach's time zone leaves the one before to the months that began in it.

--changeset coachpay:keep_time_zone runOnChange:true splitStatements:false stripComments:false
create or replace function keep_time_zone() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  insert into past_time_zones (user_id, time_zone) values (old.user_id, old.time_zone);
  return null;
end $$;
revoke execute on function keep_time_zone() from public;

create or replace trigger keep_time_zone after update of time_zone on coach_profiles
  for each row when (new.time_zone <> old.time_zone) execute function keep_time_zone();
create or replace trigger append_only before update or truncate on past_time_zones
  for each statement execute function refuse_change();
--rollback drop trigger append_only on past_time_zones;
--rollback drop trigger keep_time_zone on coach_profiles;
--rollback drop function keep_time_zone();
