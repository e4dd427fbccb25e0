--liquibase formatted sql

-- Stripe's invoices of our customers, and what pays them. Mirrored, never computed: amounts are Stripe's. Money is booked from
-- payments alone, since an invoice is also paid by a credit balance, outside Stripe, or by nothing where nothing is due.

--changeset coachpay:ledger_accounts_tax
alter table ledger_accounts drop constraint ledger_accounts_kind_check;
alter table ledger_accounts add constraint ledger_accounts_kind_check check (kind in (
  'coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out', 'credits', 'deferred', 'credit_debt',
  'external', 'fx', 'platform_revenue', 'platform_promotions', 'platform_bank', 'platform_adjustments', 'stripe_fees',
  'dispute_losses', 'refund_clearing', 'tax_payable'));
--rollback alter table ledger_accounts drop constraint ledger_accounts_kind_check;
--rollback alter table ledger_accounts add constraint ledger_accounts_kind_check check (kind in ('coach_pending', 'coach_available', 'coach_in_transit', 'coach_paid_out', 'credits', 'deferred', 'credit_debt', 'external', 'fx', 'platform_revenue', 'platform_promotions', 'platform_bank', 'platform_adjustments', 'stripe_fees', 'dispute_losses', 'refund_clearing'));

--changeset coachpay:transactions_of_invoices
alter table transactions drop constraint transactions_method_check;
alter table transactions
  add constraint transactions_method_check check (method in ('checkout', 'payment_intent', 'saved_card', 'credits', 'invoice')) not valid,
  add constraint transactions_subscription_payment check (
    case when type = 'subscription_payment'
      then method = 'invoice' and stripe_payment_intent_id is not null and session_id is null and coach_id is null
           and destination_account is null and platform_fee = 0 and coach_payout = 0 and credit_amount is null
      else method is distinct from 'invoice' end) not valid;
--rollback alter table transactions drop constraint transactions_subscription_payment, drop constraint transactions_method_check;
--rollback alter table transactions add constraint transactions_method_check check (method in ('checkout', 'payment_intent', 'saved_card', 'credits'));

--changeset coachpay:transactions_of_invoices_valid
alter table transactions validate constraint transactions_method_check;
alter table transactions validate constraint transactions_subscription_payment;
--rollback select 1;

--changeset coachpay:invoices
create table invoices (
  id                     uuid primary key,
  user_id                uuid references users,
  organization_id        uuid references organizations,
  subscription_id        uuid references subscriptions,
  stripe_invoice_id      text not null unique check (stripe_invoice_id ~ '^in_[a-zA-Z0-9]+$'),
  stripe_customer_id     text not null check (stripe_customer_id ~ '^cus_[a-zA-Z0-9]+$'),
  stripe_subscription_id text check (stripe_subscription_id ~ '^sub_[a-zA-Z0-9]+$'),
  number                 text,
  billing_reason         text,
  status                 text not null check (status in ('draft', 'open', 'paid', 'uncollectible', 'void', 'deleted')),
  amount                 numeric(19,4) not null default 0,
  currency               char(3) not null check (currency ~ '^[A-Z]{3}$'),
  subtotal               numeric(19,4) not null default 0,
  tax                    numeric(19,4) not null default 0,
  amount_due             numeric(19,4) not null default 0 check (amount_due >= 0),
  amount_paid            numeric(19,4) not null default 0 check (amount_paid >= 0),
  amount_remaining       numeric(19,4) not null default 0 check (amount_remaining >= 0),
  paid_outside           numeric(19,4) not null default 0 check (paid_outside >= 0),
  starting_balance       numeric(19,4) not null default 0,
  ending_balance         numeric(19,4),
  attempt_count          integer not null default 0 check (attempt_count >= 0),
  next_payment_attempt   timestamptz,
  period_start           timestamptz,
  period_end             timestamptz,
  due_date               timestamptz,
  finalized_at           timestamptz,
  paid_at                timestamptz,
  address_needed         boolean not null default false,
  invoice_url            text,
  invoice_pdf            text,
  addresses_as_of        timestamptz,
  lines_whole            boolean not null default false,
  issued_at              timestamptz not null,
  attempt                integer not null default 1 check (attempt >= 1),
  check_at               timestamptz,
  stripe_as_of           timestamptz not null default 'epoch',
  stripe_told_at         timestamptz,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  constraint invoices_one_owner check (num_nonnulls(user_id, organization_id) = 1),
  constraint invoices_paid_at check (paid_at is null or status = 'paid')
);
create index invoices_user on invoices (user_id, id);
create index invoices_organization on invoices (organization_id, id);
create index invoices_subscription on invoices (subscription_id, id);
create index invoices_of_others on invoices (stripe_subscription_id, issued_at)
  where stripe_subscription_id is not null and subscription_id is null;
create index invoices_to_check on invoices (check_at) where check_at is not null;
comment on table invoices is 'Stripe''s invoices of our customers, mirrored; the ledger takes no money from them';
comment on column invoices.subscription_id is 'The subscription that is billed; null for an invoice or a subscription that somebody made by hand';
comment on column invoices.stripe_subscription_id is 'Stripe''s name of it, also where it is none of ours';
comment on column invoices.amount is 'Stripe''s total, with tax; negative where a change of plan gives something back';
comment on column invoices.amount_paid is 'As Stripe has it: also what was paid outside of it, which is paid_outside';
comment on column invoices.starting_balance is 'The customer''s balance at Stripe before the invoice; negative is credit';
comment on column invoices.next_payment_attempt is 'When Stripe charges next; null when it will not by itself';
comment on column invoices.address_needed is 'Stripe cannot finalize it, since it does not know where the customer is taxed';
comment on column invoices.invoice_url is 'Opens the invoice to anybody who has it: only its owner gets it';
comment on column invoices.addresses_as_of is 'When Stripe gave both addresses, which it changes';
comment on column invoices.lines_whole is 'Whether all of its lines are here: an event carries ten at most';
comment on column invoices.attempt is 'Part of the idempotency key of the next call that pays it';
comment on column invoices.check_at is 'When Stripe is asked about it, should no event have told by then';
comment on column invoices.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table invoices;

--changeset coachpay:invoice_lines
create table invoice_lines (
  id              uuid primary key,
  invoice_id      uuid not null references invoices on delete cascade,
  position        integer not null check (position >= 0),
  stripe_line_id  text not null check (stripe_line_id ~ '^il_[a-zA-Z0-9_]+$'),
  description     text,
  amount          numeric(19,4) not null,
  currency        char(3) not null check (currency ~ '^[A-Z]{3}$'),
  quantity        integer,
  period_start    timestamptz,
  period_end      timestamptz,
  proration       boolean not null default false,
  stripe_price_id text,
  created_at      timestamptz not null default now(),
  constraint invoice_lines_once unique (invoice_id, stripe_line_id),
  constraint invoice_lines_position unique (invoice_id, position) deferrable
);
comment on table invoice_lines is 'The lines of an invoice, in Stripe''s order; replaced while it is a draft';
comment on column invoice_lines.proration is 'A part of a period, because the plan changed within it';
--rollback drop table invoice_lines;

--changeset coachpay:invoice_payments
create table invoice_payments (
  id                        uuid primary key,
  invoice_id                uuid not null references invoices,
  stripe_invoice_payment_id text not null unique check (stripe_invoice_payment_id ~ '^inpay_[a-zA-Z0-9]+$'),
  type                      text not null,
  stripe_payment_intent_id  text check (stripe_payment_intent_id ~ '^pi_[a-zA-Z0-9]+$'),
  amount                    numeric(19,4) not null check (amount >= 0),
  currency                  char(3) not null check (currency ~ '^[A-Z]{3}$'),
  tax                       numeric(19,4) not null default 0,
  booked                    boolean not null default false,
  status                    text not null check (status in ('open', 'paid', 'canceled')),
  paid_at                   timestamptz,
  transaction_id            uuid unique references transactions,
  created_at                timestamptz not null default now(),
  updated_at                timestamptz not null default now(),
  constraint invoice_payments_tax check (tax between 0 and amount),
  constraint invoice_payments_paid check ((status = 'paid') = (paid_at is not null)),
  constraint invoice_payments_by_intent check (transaction_id is null or stripe_payment_intent_id is not null),
  constraint invoice_payments_booked check (not booked and tax = 0 or transaction_id is not null)
);
create index invoice_payments_invoice on invoice_payments (invoice_id);
create unique index invoice_payments_intent on invoice_payments (stripe_payment_intent_id) where stripe_payment_intent_id is not null;
comment on table invoice_payments is 'What pays an invoice: a PaymentIntent, or a record of money that came outside Stripe';
comment on column invoice_payments.amount is 'What it has paid; what it is to pay while it is open';
comment on column invoice_payments.tax is 'The part of it that is tax: its share of the invoice''s, from when it was booked on';
comment on column invoice_payments.booked is 'Whether its money is in the books';
comment on column invoice_payments.transaction_id is 'The payment that was booked; null where no money moved at Stripe';
--rollback drop table invoice_payments;

--changeset coachpay:invoice_logs
create table invoice_logs (
  id              uuid primary key,
  invoice_id      uuid not null references invoices,
  event           text not null,
  stripe_event_id text,
  status_before   text,
  status_after    text not null,
  failure_code    text,
  failure_message text,
  details         jsonb not null default '{}',
  created_at      timestamptz not null default now()
);
create index invoice_logs_invoice on invoice_logs (invoice_id, id);
comment on table invoice_logs is 'The history of an invoice, as Stripe told it; append-only';
--rollback drop table invoice_logs;

--changeset coachpay:credit_notes
create table credit_notes (
  id                    uuid primary key,
  invoice_id            uuid not null references invoices,
  refund_id             uuid unique references refunds,
  stripe_credit_note_id text unique check (stripe_credit_note_id ~ '^cn_[a-zA-Z0-9]+$'),
  number                text,
  status                text not null default 'requested' check (status in ('requested', 'issued', 'void', 'refused')),
  amount                numeric(19,4) not null check (amount > 0),
  currency              char(3) not null check (currency ~ '^[A-Z]{3}$'),
  before_payment        numeric(19,4) not null default 0 check (before_payment >= 0),
  after_payment         numeric(19,4) not null default 0 check (after_payment >= 0),
  reason                text,
  pdf                   text,
  failure_code          text,
  attempt               integer not null default 1 check (attempt >= 1),
  check_at              timestamptz,
  stripe_as_of          timestamptz,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  constraint credit_notes_known check ((status in ('issued', 'void')) = (stripe_credit_note_id is not null)),
  constraint credit_notes_ours check (stripe_credit_note_id is not null or refund_id is not null)
);
create index credit_notes_invoice on credit_notes (invoice_id);
create index credit_notes_to_check on credit_notes (check_at) where check_at is not null;
comment on table credit_notes is 'What was taken back of invoices: requested with a refund of ours, or made at Stripe';
comment on column credit_notes.refund_id is 'The refund of ours that it explains; null for one that somebody made in the dashboard';
comment on column credit_notes.status is 'requested: Stripe is asked for it once the refund is known there; refused: Stripe made none';
comment on column credit_notes.before_payment is 'The part that lessens what is due';
comment on column credit_notes.after_payment is 'The part that was given back';
comment on column credit_notes.attempt is 'Part of the idempotency key at Stripe';
comment on column credit_notes.check_at is 'When Stripe is asked for it; null when nothing is open';
--rollback drop table credit_notes;
