--liquibase formatted sql

-- Nobody empties a calendar by booking without paying: so many unpaid slots of one mentee, so many of one coach, however many
-- are asked for at once. Settings allow fewer; these are the most that any setting may allow. Each is counted under a lock, the
-- coach's first, as the service takes them.

--changeset coachpay:open_holds runOnChange:true splitStatements:false stripComments:false
create or replace function open_holds() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.coach_id::text, 0));
  perform pg_advisory_xact_lock(hashtextextended('holds ' || new.mentee_id, 0));
  if (select count(*) from sessions where mentee_id = new.mentee_id and status = 'pending_payment') >= 20 then
    raise exception 'Mentee % holds 20 unpaid slots', new.mentee_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'sessions_open_holds_of_mentee';
  end if;
  if (select count(*) from sessions where coach_id = new.coach_id and status = 'pending_payment') >= 200 then
    raise exception '200 unpaid slots of coach % are held', new.coach_id
      using errcode = 'check_violation', table = tg_table_name, constraint = 'sessions_open_holds_of_coach';
  end if;
  return new;
end $$;
revoke execute on function open_holds() from public;

create or replace trigger open_holds before insert on sessions
  for each row when (new.status = 'pending_payment') execute function open_holds();
create or replace trigger stays_within_open_holds before update of status, mentee_id, coach_id on sessions
  for each row when (new.status = 'pending_payment' and (old.status <> 'pending_payment'
    or (old.mentee_id, old.coach_id) is distinct from (new.mentee_id, new.coach_id)))
  execute function open_holds();
--rollback drop trigger stays_within_open_holds on sessions;
--rollback drop trigger open_holds on sessions;
--rollback drop function open_holds();
