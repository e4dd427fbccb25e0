--liquibase formatted sql

-- The columns that a row was written with, and those that say whose it is, never change: the service's roles cannot rewrite them,
-- whatever they are granted. The schema's owner can, to correct by hand what has no other way.

--changeset coachpay:frozen runOnChange:true splitStatements:false stripComments:false
create or replace function refuse_rewrite() returns trigger
  language plpgsql as $$
begin
  raise exception 'A row of % keeps what it was written with', tg_table_name
    using errcode = 'check_violation', table = tg_table_name, constraint = tg_table_name || '_frozen';
end $$;
revoke execute on function refuse_rewrite() from public;

-- Afterwards, so that a value which no row can have is told as that.
create or replace procedure freeze(frozen regclass, variadic columns name[]) language plpgsql as $$
begin
  execute format($trigger$
    create or replace trigger frozen after update of %1$s on %2$s for each row
      when (current_user in ('app_user', 'app_admin', 'app_service') and (%3$s) is distinct from (%4$s))
      execute function refuse_rewrite()$trigger$,
    (select string_agg(quote_ident(c), ', ') from unnest(columns) c), frozen,
    (select string_agg('old.' || quote_ident(c), ', ') from unnest(columns) c),
    (select string_agg('new.' || quote_ident(c), ', ') from unnest(columns) c));
end $$;
revoke execute on procedure freeze(regclass, name[]) from public;

call freeze('organizations', 'id', 'created_at');
call freeze('organization_members', 'id', 'organization_id', 'user_id', 'created_at');
-- The ids that a customer had are kept by a rule of their own, in its trigger.
call freeze('stripe_customers', 'id', 'user_id', 'organization_id', 'former_customers', 'created_at');
call freeze('customer_tax_ids', 'id', 'customer_id', 'stripe_tax_id', 'type', 'created_at');
call freeze('payment_methods', 'id', 'user_id', 'organization_id', 'stripe_payment_method_id', 'created_at');
call freeze('payment_method_setups', 'id', 'user_id', 'organization_id', 'ui', 'currency', 'success_url', 'cancel_url',
  'client_address', 'created_at');
call freeze('stripe_connected_accounts', 'id', 'user_id', 'created_at');
call freeze('sessions', 'id', 'mentee_id', 'coach_id', 'starts_at', 'ends_at', 'price_amount', 'currency', 'platform_fee_amount',
  'coach_payout_amount', 'hourly_rate', 'platform_fee_percentage', 'fee_source', 'free_cancellation_hours',
  'late_cancellation_refund_percentage', 'created_at');
-- The figures of a payment are kept by their own rule, which knows when Stripe took others. What disputes took is the sum of
-- their rows, kept by a trigger in the owner's name.
call freeze('transactions', 'id', 'type', 'payer_id', 'coach_id', 'session_id', 'package_id', 'package_name', 'credit_amount',
  'bonus_percentage', 'bonus_credits', 'on_behalf_of', 'metadata', 'save_card', 'created_at',
  'disputed_amount', 'lost_amount');
call freeze('checkout_sessions', 'id', 'mode', 'user_id', 'session_id', 'transaction_id', 'success_url', 'cancel_url',
  'stripe_product_id', 'delayed_methods', 'created_at');
call freeze('credit_packages', 'id', 'currency', 'created_at');
call freeze('subscription_plans', 'id', 'product_id', 'replaces', 'audience', 'amount', 'currency', 'billing_interval',
  'created_at');
call freeze('subscriptions', 'id', 'user_id', 'organization_id', 'product_id', 'stripe_customer_id', 'trial_days', 'success_url',
  'cancel_url', 'page_expires_at', 'is_direct', 'created_at');
call freeze('billing_portal_configurations', 'id', 'audience', 'offer', 'created_at');
-- What Stripe bills may change; whose it is may not.
call freeze('invoices', 'id', 'user_id', 'organization_id', 'stripe_invoice_id', 'stripe_customer_id', 'stripe_subscription_id',
  'currency', 'issued_at', 'created_at');
call freeze('invoice_payments', 'id', 'invoice_id', 'stripe_invoice_payment_id', 'type', 'stripe_payment_intent_id', 'currency',
  'created_at');
call freeze('credit_notes', 'id', 'invoice_id', 'refund_id', 'currency', 'reason', 'created_at');
call freeze('credit_capacity', 'id', 'currency', 'created_at');
call freeze('refunds', 'id', 'transaction_id', 'amount', 'currency', 'reason', 'requested_by', 'request_id', 'created_at');
call freeze('transfers', 'id', 'transaction_id', 'connected_account_id', 'purpose', 'amount', 'currency', 'created_at');
call freeze('transfer_reversals', 'id', 'transfer_id', 'stripe_reversal_id', 'amount', 'currency', 'occurred_at', 'created_at');
call freeze('fee_refunds', 'id', 'transaction_id', 'stripe_fee_refund_id', 'stripe_application_fee_id', 'amount', 'currency',
  'occurred_at', 'created_at');
-- What a dispute is about is Stripe's word, and may change.
call freeze('disputes', 'id', 'transaction_id', 'stripe_dispute_id', 'opened_at', 'created_at');
call freeze('transfer_steps', 'id', 'kind', 'purpose', 'transaction_id', 'refund_id', 'dispute_id', 'transfer_id', 'amount',
  'currency', 'created_at');
call freeze('payouts', 'id', 'initiated_by', 'period', 'request_id', 'requested_at', 'created_at');
call freeze('payout_items', 'id', 'payout_id', 'entry_id', 'currency', 'created_at');
call freeze('payout_marks', 'id', 'user_id', 'currency', 'created_at');
call freeze('payout_listings', 'id', 'connected_account_id', 'created_at');
call freeze('ledger_daily_totals', 'id', 'account_id', 'day', 'created_at');
call freeze('event_marks', 'id', 'account', 'created_at');
call freeze('stripe_cursors', 'id', 'listing', 'account', 'created_at');
call freeze('balance_imports', 'id', 'account', 'created_at');
call freeze('stripe_balance_transactions', 'id', 'account', 'stripe_balance_transaction_id', 'type', 'reporting_category', 'source',
  'amount', 'fee', 'net', 'currency', 'created', 'created_at');
call freeze('unreadable_lines', 'id', 'account', 'stripe_id', 'created_at');
call freeze('reconciliation_runs', 'id', 'started_at', 'requested_by', 'created_at');
call freeze('reconciliation_findings', 'id', 'account', 'kind', 'subject', 'currency', 'created_at');

-- What was received is never changed; long after it was dealt with it is emptied.
create or replace trigger emptied before update of payload on stripe_events for each row
  when (current_user in ('app_user', 'app_admin', 'app_service') and new.payload is not null
    and new.payload is distinct from old.payload)
  execute function refuse_rewrite();
--rollback drop function refuse_rewrite() cascade;
--rollback drop procedure freeze(regclass, name[]);
