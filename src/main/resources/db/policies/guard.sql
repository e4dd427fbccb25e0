--liquibase formatted sql

-- Every table begins closed: nobody has a right, no row can be seen. Each file beside this one opens one table
-- just as far as it says, and can be changed and run again.
--
-- The owner is bound too (FORCE) and gets a policy of its own, for migrations and for the triggers that run with its rights.
--
-- Whatever changes a policy locks its table against everybody, readers included. So what is there already and is to stay is left
-- alone, by the words it was made with, which are kept as its comment; row level security is never off, not even for a moment.

--changeset coachpay:guard runOnChange:true splitStatements:false stripComments:false
create or replace procedure unguard(guarded regclass) language plpgsql as $$
declare
  policy name;
begin
  for policy in select polname from pg_policy where polrelid = guarded loop
    execute format('drop policy %I on %s', policy, guarded);
  end loop;
  execute format('revoke all on %s from public, app_user, app_admin, app_service, analyst, analyst_personal', guarded);
  execute format('alter table %s disable row level security, no force row level security', guarded);
end $$;
revoke execute on procedure unguard(regclass) from public;

drop procedure if exists guard(regclass);
create or replace procedure guard(guarded regclass, variadic policies text[]) language plpgsql as $$
declare
  wanted text[] := array['owner to coachpay_owner using (true) with check (true)'] || policies;
  policy text;
  named name;
  words text;
begin
  execute format('revoke all on %s from public, app_user, app_admin, app_service, analyst, analyst_personal', guarded);
  if not (select relrowsecurity and relforcerowsecurity from pg_class where oid = guarded) then
    execute format('alter table %s enable row level security, force row level security', guarded);
  end if;
  foreach policy in array wanted loop
    named := split_part(policy, ' ', 1);
    words := substr(policy, length(named) + 2);
    continue when exists (select from pg_policy p where p.polrelid = guarded and p.polname = named
                             and obj_description(p.oid, 'pg_policy') = words);
    if exists (select from pg_policy p where p.polrelid = guarded and p.polname = named) then
      execute format('drop policy %I on %s', named, guarded);
    end if;
    execute format('create policy %I on %s %s', named, guarded, words);
    execute format('comment on policy %I on %s is %L', named, guarded, words);
  end loop;
  for named in select p.polname from pg_policy p
                where p.polrelid = guarded and p.polname <> all (select split_part(w, ' ', 1) from unnest(wanted) w) loop
    execute format('drop policy %I on %s', named, guarded);
  end loop;
end $$;
revoke execute on procedure guard(regclass, text[]) from public;
--rollback drop procedure guard(regclass, text[]); drop procedure unguard(regclass);
