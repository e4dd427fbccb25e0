--liquibase formatted sql

-- Who changed what about customers, accounts and the terms of coaches.
-- A trigger's arguments name the columns that hold personal data: they are logged as changed, without their values,
-- so that a person can be forgotten while the log stays whole.

--changeset coachpay:audit runOnChange:true splitStatements:false stripComments:false
create or replace function audit() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  -- A mirror's age, the ledger's figures and whose turn it is are no decisions of anybody.
  unlogged constant text[] := array['updated_at', 'stripe_as_of', 'synced_at', 'total_earnings', 'available_balance', 'pending_balance',
                                   'push_tried_at', 'payouts_tried_at'];
  personal constant text[] := tg_argv;
  was      constant jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  becomes  constant jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
  before   jsonb;
  after    jsonb;
begin
  select jsonb_object_agg(key, case when key = any (personal) and was -> key <> 'null' then '"[personal]"' else was -> key end)
           filter (where was is not null),
         jsonb_object_agg(key, case when key = any (personal) and becomes -> key <> 'null' then '"[personal]"' else becomes -> key end)
           filter (where becomes is not null)
    into before, after
    from jsonb_object_keys(coalesce(becomes, was)) as key
    where key <> all (unlogged) and was -> key is distinct from becomes -> key;
  if before is null and after is null then
    return null;
  end if;
  insert into audit_log (table_name, row_id, actor_id, role, action, before, after)
    values (tg_table_name, (coalesce(becomes, was) ->> 'id')::uuid, app_user_id(),
            coalesce(nullif(current_setting('role'), 'none'), session_user), lower(tg_op), before, after);
  return null;
end $$;
revoke execute on function audit() from public;

create or replace trigger audit after insert or update or delete on stripe_customers
  for each row execute function audit('customer_email', 'customer_name', 'customer_metadata', 'billing_address');
create or replace trigger audit after insert or update or delete on stripe_connected_accounts
  for each row execute function audit('business_profile', 'requirements');
create or replace trigger audit after insert or update or delete on credit_packages
  for each row execute function audit();
create or replace trigger audit after insert or update or delete on subscription_plans
  for each row execute function audit();
create or replace trigger audit_limit after update of limit_amount on credit_capacity
  for each row execute function audit();
create or replace trigger audit after insert on credit_adjustments
  for each row execute function audit();
create or replace trigger audit_terms after insert or delete on coach_profiles
  for each row execute function audit('headline');
create or replace trigger audit_changed_terms
  after update of hourly_rate, currency, payout_schedule, platform_fee_percentage, minimum_payout on coach_profiles
  for each row execute function audit('headline');
-- Of what moves money, only what a person decided: everything else follows from Stripe's facts.
create or replace trigger audit_decision after update on refunds
  for each row when (new.decided_at is distinct from old.decided_at) execute function audit();
create or replace trigger audit_decision after update on transfer_steps
  for each row when (new.decided_at is distinct from old.decided_at) execute function audit();
--rollback drop trigger audit_decision on transfer_steps;
--rollback drop trigger audit_decision on refunds;
--rollback drop trigger audit_changed_terms on coach_profiles;
--rollback drop trigger audit on credit_adjustments;
--rollback drop trigger audit_limit on credit_capacity;
--rollback drop trigger audit on subscription_plans;
--rollback drop trigger audit on credit_packages;
--rollback drop trigger audit_terms on coach_profiles;
--rollback drop trigger audit on stripe_connected_accounts;
--rollback drop trigger audit on stripe_customers;
--rollback drop function audit();
