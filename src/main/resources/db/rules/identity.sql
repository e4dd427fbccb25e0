--liquibase formatted sql

-- Who is asking: set by the service at each transaction's begin, from the verified identity alone.

--changeset coachpay:identity runOnChange:true splitStatements:false stripComments:false
create or replace function app_user_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::uuid;
comment on function app_user_id() is 'The user on whose behalf the transaction runs; null for anonymous callers and the service itself';

-- The companies that the asking user belongs to. It looks past row level security, because the
-- policy on memberships asks it and would otherwise ask itself.
create or replace function app_organization_ids() returns uuid[]
  language sql stable parallel safe security definer
  set search_path = public, pg_temp
  begin atomic
    select coalesce(array_agg(organization_id), '{}') from organization_members where user_id = app_user_id();
  end;
--rollback drop function app_organization_ids(); drop function app_user_id();
