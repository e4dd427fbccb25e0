--liquibase formatted sql

-- Payments and credits for people who ask by SQL, under the names that reports know them by. Each view has the rights of the role
-- that asks: policies and grants of the tables behind it hold.

--changeset coachpay:payment_email runOnChange:true splitStatements:false stripComments:false
-- A view needs the right to every column it names, asked for or not, so that with customer_email in its query it would be closed
-- to analysts. PL/pgSQL looks at a statement's columns when it runs it, and for analysts it does not. Nobody's rights are lent.
create or replace function payment_email(payment uuid) returns text
  language plpgsql stable parallel safe as $$
begin
  if has_column_privilege('public.transactions', 'customer_email', 'select') then
    return (select t.customer_email from public.transactions t where t.id = payment);
  end if;
  return null;
end $$;
revoke execute on function payment_email(uuid) from public;
grant execute on function payment_email(uuid) to analyst;
--rollback drop function payment_email(uuid);

--changeset coachpay:view_payment_transactions runOnChange:true splitStatements:false stripComments:false
-- What was paid with credits is left out: Stripe did not process it, and its money was counted when the credits were bought.
create or replace view payment_transactions with (security_invoker = true) as
  select t.id, t.id as payment_id, t.payer_id::text as user_id,
         t.stripe_checkout_session_id as stripe_session_id, t.stripe_payment_intent_id,
         t.package_id, t.package_name,
         coalesce(t.credit_amount, 0)::numeric(12,6) as credit_amount,
         coalesce(t.credit_amount, 0)::numeric(12,6) as tokens_purchased,
         t.amount, case when t.currency = 'USD' then t.amount - t.refunded_amount end as amount_paid, lower(t.currency) as currency,
         case when t.status in ('pending', 'processing') then 'pending'
              when t.status in ('failed', 'canceled') then t.status
              else 'succeeded' end as status,
         case when t.status in ('pending', 'processing') then 'pending'
              when t.status in ('completed', 'partially_refunded') then 'paid'
              else t.status end as payment_status,
         t.payment_method_type as payment_method, t.description, t.stripe_customer_id, t.stripe_payment_method_id,
         payment_email(t.id) as customer_email, t.metadata, t.created_at, t.updated_at
  from transactions t
  where t.method is distinct from 'credits';
comment on view payment_transactions is 'All payments that Stripe processes';
comment on column payment_transactions.amount is 'What the payer was asked for, refunds not taken off';
comment on column payment_transactions.amount_paid is
  'In USD, refunds taken off; null in other currencies. It was paid where payment_status says so';
comment on column payment_transactions.customer_email is 'For analyst_personal; null for others';
revoke all on payment_transactions from public, app_user, app_admin, app_service, analyst, analyst_personal;
grant select on payment_transactions to analyst;
--rollback drop view payment_transactions;

--changeset coachpay:view_user_credit_purchases runOnChange:true splitStatements:false stripComments:false
create or replace view user_credit_purchases with (security_invoker = true) as
  select t.id, t.payer_id as user_id, t.package_id, t.package_name, t.credit_amount as credits, t.amount,
         lower(t.currency) as currency, p.status, p.payment_status, t.credits_taken_back, t.stripe_checkout_session_id, t.stripe_payment_intent_id,
         t.stripe_customer_id, t.failure_code, t.failure_message, t.created_at, t.completed_at
  from transactions t
  join payment_transactions p on p.id = t.id
  where t.type = 'credit_purchase';
comment on view user_credit_purchases is 'Purchases of credits, those that failed too';
comment on column user_credit_purchases.credits_taken_back is 'Of the credits, those that refunds and disputes took';
revoke all on user_credit_purchases from public, app_user, app_admin, app_service, analyst, analyst_personal;
grant select on user_credit_purchases to analyst;
--rollback drop view user_credit_purchases;

--changeset coachpay:view_user_balances runOnChange:true splitStatements:false stripComments:false
-- Credits are sold in USD alone, so that a person has one balance.
create or replace view user_balances with (security_invoker = true) as
  select a.owner_id as user_id, a.balance, a.created_at, a.updated_at
  from ledger_accounts a
  where a.kind = 'credits' and a.currency = 'USD';
comment on view user_balances is 'The credits that people can spend; nobody''s debt is in it. Who never had any is not there';
revoke all on user_balances from public, app_user, app_admin, app_service, analyst, analyst_personal;
grant select on user_balances to analyst;
--rollback drop view user_balances;

--changeset coachpay:view_balance_transactions runOnChange:true splitStatements:false stripComments:false
create or replace view balance_transactions with (security_invoker = true) as
  select l.id, l.user_id, l.amount, l.balance_before, l.balance_after,
         case when l.kind = 'credits_adjusted' then 'adjustment' when l.amount < 0 then 'debit' else 'credit' end
           as transaction_type,
         coalesce(d.reason, case l.kind
           when 'credits_bought' then 'Credits bought'
           when 'credits_booked' then 'Session booked'
           when 'credits_returned' then 'Session cancelled'
           when 'credits_refunded' then 'Session refunded'
           when 'credits_taken' then 'Purchase refunded or disputed'
           when 'credits_given_back' then 'Refund failed or dispute won'
           when 'credits_adjusted' then 'Adjusted'
           else replace(l.kind, '_', ' ') end) as description,
         l.transaction_id as reference_id, l.created_at, l.line
  from wallet_lines l
  left join credit_adjustments d on d.journal_id = l.journal_id
  where l.currency = 'USD';
comment on view balance_transactions is 'Each movement of somebody''s credits';
comment on column balance_transactions.reference_id is
  'The payment it belongs to; one that was made with credits is not in payment_transactions';
comment on column balance_transactions.line is 'A person''s running number: each line begins with what the one before it left';
revoke all on balance_transactions from public, app_user, app_admin, app_service, analyst, analyst_personal;
grant select on balance_transactions to analyst;
--rollback drop view balance_transactions;
