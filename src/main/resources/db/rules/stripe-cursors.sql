--liquibase formatted sql

-- Of an account that is gone for good nothing is listed, however late somebody asks. An instance of the release before writes its
-- requests where it knows them; they are carried over, so that none is lost when it ends.

--changeset coachpay:stripe_cursors_begun runOnChange:true splitStatements:false stripComments:false
create or replace function begin_cursor() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if exists (select from stripe_connected_accounts where replaced_accounts @> array[new.account]) then
    return null;
  end if;
  return new;
end $$;
revoke execute on function begin_cursor() from public;

create or replace trigger begun before insert on stripe_cursors for each row
  when (new.account <> 'platform') execute function begin_cursor();
--rollback drop trigger begun on stripe_cursors;
--rollback drop function begin_cursor();

--changeset coachpay:stripe_cursors_requested runOnChange:true splitStatements:false stripComments:false
create or replace function carry_request() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  insert into stripe_cursors (id, listing, account, requested_at)
  values (gen_random_uuid(), 'balance_transactions', new.account, new.requested_at)
  on conflict on constraint stripe_cursors_once do update set requested_at = excluded.requested_at;
  return null;
end $$;
revoke execute on function carry_request() from public;

create or replace trigger requested after insert or update of requested_at on balance_imports for each row
  when (new.requested_at is not null) execute function carry_request();
--rollback drop trigger requested on balance_imports;
--rollback drop function carry_request();
