--liquibase formatted sql

-- Which status may follow which, 'from>to'. The entities list the same edges and a test compares them.
-- The edges stand in the triggers' conditions, so that a legal change calls no function.

--changeset coachpay:state_edges runOnChange:true splitStatements:false stripComments:false
create or replace function refuse_edge() returns trigger
  language plpgsql as $$
begin
  raise exception '% cannot go from % to %', tg_table_name, old.status, new.status
    using errcode = 'check_violation', table = tg_table_name, constraint = tg_table_name || '_status_edge';
end $$;
revoke execute on function refuse_edge() from public;

create or replace trigger status_edge before update of status on sessions for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'pending_payment>confirmed', 'pending_payment>cancelled', 'pending_payment>expired',
    'expired>confirmed',
    'confirmed>completed', 'confirmed>cancelled', 'confirmed>no_show']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on transactions for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'pending>processing', 'pending>completed', 'pending>failed', 'pending>canceled',
    'processing>completed', 'processing>failed', 'processing>canceled',
    'failed>pending', 'failed>processing', 'failed>completed', 'failed>canceled',
    'canceled>completed',
    'completed>partially_refunded', 'completed>refunded',
    'partially_refunded>completed', 'partially_refunded>refunded',
    'refunded>completed', 'refunded>partially_refunded']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on refunds for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'requested>refused',
    'requested>pending', 'requested>requires_action', 'requested>succeeded', 'requested>failed', 'requested>canceled',
    'refused>requested',
    'refused>pending', 'refused>requires_action', 'refused>succeeded', 'refused>failed', 'refused>canceled',
    'pending>requires_action', 'pending>succeeded', 'pending>failed', 'pending>canceled',
    'requires_action>pending', 'requires_action>succeeded', 'requires_action>failed', 'requires_action>canceled',
    'succeeded>failed']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on transfer_steps for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'requested>created', 'requested>waiting_for_funds', 'requested>refused',
    'waiting_for_funds>created', 'waiting_for_funds>refused',
    'refused>requested', 'refused>created']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on payment_method_setups for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'requested>open', 'requested>succeeded', 'requested>failed', 'requested>canceled',
    'open>succeeded', 'open>failed', 'open>canceled',
    'failed>open', 'failed>succeeded', 'failed>canceled']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on payouts for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'requested>refused',
    'requested>pending', 'requested>in_transit', 'requested>paid', 'requested>failed', 'requested>canceled',
    'pending>in_transit', 'pending>paid', 'pending>failed', 'pending>canceled',
    'in_transit>paid', 'in_transit>failed', 'in_transit>canceled',
    'paid>failed']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on subscriptions for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'requested>refused', 'requested>expired', 'requested>incomplete', 'requested>trialing', 'requested>active',
    'requested>past_due', 'requested>unpaid', 'requested>paused', 'requested>incomplete_expired', 'requested>canceled',
    'refused>incomplete', 'refused>trialing', 'refused>active', 'refused>past_due', 'refused>unpaid', 'refused>paused',
    'refused>incomplete_expired', 'refused>canceled', 'expired>incomplete', 'expired>trialing', 'expired>active',
    'expired>past_due', 'expired>unpaid', 'expired>paused', 'expired>incomplete_expired', 'expired>canceled',
    'incomplete>trialing', 'incomplete>active', 'incomplete>past_due', 'incomplete>unpaid', 'incomplete>paused',
    'incomplete>incomplete_expired', 'incomplete>canceled', 'trialing>incomplete', 'trialing>active', 'trialing>past_due',
    'trialing>unpaid', 'trialing>paused', 'trialing>incomplete_expired', 'trialing>canceled', 'active>incomplete',
    'active>trialing', 'active>past_due', 'active>unpaid', 'active>paused', 'active>incomplete_expired', 'active>canceled',
    'past_due>incomplete', 'past_due>trialing', 'past_due>active', 'past_due>unpaid', 'past_due>paused',
    'past_due>incomplete_expired', 'past_due>canceled', 'unpaid>incomplete', 'unpaid>trialing', 'unpaid>active',
    'unpaid>past_due', 'unpaid>paused', 'unpaid>incomplete_expired', 'unpaid>canceled', 'paused>incomplete',
    'paused>trialing', 'paused>active', 'paused>past_due', 'paused>unpaid', 'paused>incomplete_expired', 'paused>canceled']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on invoices for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'draft>open', 'draft>paid', 'draft>uncollectible', 'draft>void', 'draft>deleted',
    'open>paid', 'open>uncollectible', 'open>void', 'uncollectible>paid', 'uncollectible>void']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on invoice_payments for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array['open>paid', 'open>canceled']))
  execute function refuse_edge();

create or replace trigger status_edge before update of status on credit_notes for each row
  when (old.status <> new.status and old.status || '>' || new.status <> all (array[
    'requested>issued', 'requested>void', 'requested>refused', 'refused>issued', 'refused>void', 'issued>void']))
  execute function refuse_edge();

-- The edges as rows, read from the triggers themselves so that they cannot differ.
create or replace view state_edges with (security_invoker = true) as
  select tgrelid::regclass::text as table_name, edge[1] as from_status, edge[2] as to_status
  from pg_trigger, regexp_matches(pg_get_triggerdef(oid), '''(\w+)>(\w+)''', 'g') as edge
  where tgname = 'status_edge';
comment on view state_edges is 'Which status may follow which, table by table';
--rollback drop view state_edges;
--rollback drop trigger status_edge on credit_notes;
--rollback drop trigger status_edge on invoice_payments;
--rollback drop trigger status_edge on invoices;
--rollback drop trigger status_edge on subscriptions;
--rollback drop trigger status_edge on payouts;
--rollback drop trigger status_edge on payment_method_setups;
--rollback drop trigger status_edge on transfer_steps;
--rollback drop trigger status_edge on refunds;
--rollback drop trigger status_edge on transactions;
--rollback drop trigger status_edge on sessions;
--rollback drop function refuse_edge();
