--liquibase formatted sql

-- Each change of a row that can change says when it was.

--changeset coachpay:updated_at runOnChange:true splitStatements:false stripComments:false
create or replace function touch() returns trigger
  language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;
revoke execute on function touch() from public;

create or replace trigger touch before update on users for each row execute function touch();
create or replace trigger touch before update on organizations for each row execute function touch();
create or replace trigger touch before update on organization_members for each row execute function touch();
create or replace trigger touch before update on stripe_customers for each row execute function touch();
create or replace trigger touch before update on payment_methods for each row execute function touch();
create or replace trigger touch before update on payment_method_setups for each row execute function touch();
create or replace trigger touch before update on stripe_connected_accounts for each row execute function touch();
create or replace trigger touch before update on sessions for each row execute function touch();
create or replace trigger touch before update on transactions for each row execute function touch();
-- What administrators change, and compare before they do; product and price at Stripe change by themselves.
create or replace trigger touch before update of name, description, amount, credit_amount, is_active, sort_order on credit_packages
  for each row execute function touch();
create or replace trigger touch before update of name, description, trial_days, tier, platform_fee_percentage,
  credit_bonus_percentage, is_active, sort_order on subscription_plans for each row execute function touch();
create or replace trigger touch before update on subscriptions for each row execute function touch();
create or replace trigger touch before update on invoices for each row execute function touch();
create or replace trigger touch before update on invoice_payments for each row execute function touch();
create or replace trigger touch before update on credit_notes for each row execute function touch();
create or replace trigger touch before update on credit_capacity for each row execute function touch();
create or replace trigger touch before update on checkout_sessions for each row execute function touch();
create or replace trigger touch before update on refunds for each row execute function touch();
create or replace trigger touch before update on transfers for each row execute function touch();
create or replace trigger touch before update on transfer_reversals for each row execute function touch();
create or replace trigger touch before update on fee_refunds for each row execute function touch();
create or replace trigger touch before update on disputes for each row execute function touch();
create or replace trigger touch before update on transfer_steps for each row execute function touch();
create or replace trigger touch before update on payouts for each row execute function touch();
create or replace trigger touch before update on payout_items for each row execute function touch();
create or replace trigger touch before update on payout_marks for each row execute function touch();
create or replace trigger touch before update on payout_listings for each row execute function touch();
create or replace trigger touch before update on reconciliation_runs for each row execute function touch();
create or replace trigger touch before update on reconciliation_findings for each row execute function touch();
create or replace trigger touch before update on ledger_daily_totals for each row execute function touch();
create or replace trigger touch before update on event_marks for each row execute function touch();
create or replace trigger touch before update on stripe_cursors for each row execute function touch();
create or replace trigger touch before update on unreadable_lines for each row execute function touch();
create or replace trigger touch before update on stripe_balance_transactions for each row execute function touch();
create or replace trigger touch before update on balance_imports for each row execute function touch();
create or replace trigger touch before update on balance_import_totals for each row execute function touch();
create or replace trigger touch before update on idempotency_keys for each row execute function touch();

-- Not when a payment moves a coach's figures: a profile is as old as what the coach wrote there.
create or replace trigger touch
  before update of headline, hourly_rate, currency, time_zone, payout_schedule, platform_fee_percentage, minimum_payout
  on coach_profiles for each row execute function touch();
--rollback drop trigger touch on coach_profiles;
--rollback drop trigger touch on idempotency_keys;
--rollback drop trigger touch on balance_import_totals;
--rollback drop trigger touch on balance_imports;
--rollback drop trigger touch on stripe_balance_transactions;
--rollback drop trigger touch on unreadable_lines;
--rollback drop trigger touch on stripe_cursors;
--rollback drop trigger touch on event_marks;
--rollback drop trigger touch on ledger_daily_totals;
--rollback drop trigger touch on reconciliation_findings;
--rollback drop trigger touch on reconciliation_runs;
--rollback drop trigger touch on payout_listings;
--rollback drop trigger touch on payout_marks;
--rollback drop trigger touch on payout_items;
--rollback drop trigger touch on payouts;
--rollback drop trigger touch on transfer_steps;
--rollback drop trigger touch on disputes;
--rollback drop trigger touch on fee_refunds;
--rollback drop trigger touch on transfer_reversals;
--rollback drop trigger touch on transfers;
--rollback drop trigger touch on refunds;
--rollback drop trigger touch on checkout_sessions;
--rollback drop trigger touch on credit_capacity;
--rollback drop trigger touch on credit_notes;
--rollback drop trigger touch on invoice_payments;
--rollback drop trigger touch on invoices;
--rollback drop trigger touch on subscriptions;
--rollback drop trigger touch on subscription_plans;
--rollback drop trigger touch on credit_packages;
--rollback drop trigger touch on transactions;
--rollback drop trigger touch on sessions;
--rollback drop trigger touch on stripe_connected_accounts;
--rollback drop trigger touch on payment_method_setups;
--rollback drop trigger touch on payment_methods;
--rollback drop trigger touch on stripe_customers;
--rollback drop trigger touch on organization_members;
--rollback drop trigger touch on organizations;
--rollback drop trigger touch on users;
--rollback drop function touch();
