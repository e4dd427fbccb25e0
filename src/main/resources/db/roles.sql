-- The roles of coachpay and what they may do in the database this is run in. Roles belong to the
-- cluster, so an administrator of PostgreSQL runs this once, before the first migration; again does no harm.
--
--   coachpay_owner    owns the schema and runs the migrations; the service never works as it
--   coachpay_app      the service's login: no rights of its own, it takes on one of the next three
--   app_user          a signed-in person, or nobody in particular: own rows and public ones
--   app_admin         an administrator: reads everything
--   app_service       webhooks and jobs
--   analyst           reads money by SQL, changes nothing; granted to people
--   analyst_personal  an analyst who also sees payers' addresses; granted to few
--
-- Passwords are set apart from this file, with ALTER ROLE.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('coachpay_owner', 'login'),
      ('coachpay_app', 'login noinherit'),
      ('app_user', 'nologin'),
      ('app_admin', 'nologin'),
      ('app_service', 'nologin'),
      ('analyst', 'nologin'),
      ('analyst_personal', 'nologin')) as roles (name, attributes)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.attributes);
    end if;
    -- row level security means nothing to a role that has one of these
    execute format('alter role %I nosuperuser nobypassrls nocreaterole nocreatedb noreplication', wanted.name);
  end loop;
end $$;

-- With NOINHERIT a query outside a database transaction, and so without a role, fails.
alter role coachpay_app noinherit;
grant app_user, app_admin, app_service to coachpay_app;
grant analyst to analyst_personal;

-- No statement and no forgotten database transaction holds a connection forever.
alter role coachpay_app set statement_timeout = '30s';
alter role coachpay_app set idle_in_transaction_session_timeout = '60s';

do $$
begin
  execute format('alter database %I owner to coachpay_owner', current_database());
  -- A role that may create a temporary table may attach triggers to it: nobody here needs one.
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to coachpay_app, analyst', current_database());
end $$;

-- PostgreSQL lets everybody into its own databases, to make temporary tables there, and large objects anywhere, which no policy
-- covers and with which any role could fill the disk. Other roles that need it must be granted it.
do $$
declare
  opened name;
  large regprocedure;
begin
  for opened in select datname from pg_database where datname in ('postgres', 'template1') loop
    execute format('revoke connect, temporary on database %I from public', opened);
  end loop;
  for large in select oid from pg_proc
                where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^(lo_|lowrite$|loread$)' loop
    execute format('revoke execute on function %s from public', large);
  end loop;
end $$;

revoke create on schema public from public;
grant usage on schema public to app_user, app_admin, app_service, analyst;
