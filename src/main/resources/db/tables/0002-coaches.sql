--liquibase formatted sql

-- Coaches: what they ask, what they have earned, and their account at Stripe.
-- A coach is known everywhere by the id of the user: coach_id is always users.id.

--changeset coachpay:coach_profiles
create table coach_profiles (
  id                      uuid primary key,
  user_id                 uuid not null unique references users on delete cascade,
  headline                text,
  hourly_rate             numeric(19,4) not null check (hourly_rate > 0),
  currency                char(3) not null check (currency ~ '^[A-Z]{3}$'),
  time_zone               text not null default 'UTC' check (time_zone ~ '^[A-Za-z0-9_+/-]+$'),
  payout_schedule         text not null default 'instant' check (payout_schedule in ('instant', 'daily', 'weekly', 'monthly')),
  platform_fee_percentage numeric(5,2) not null default 20.00 check (platform_fee_percentage between 0 and 100),
  minimum_payout          numeric(19,4) not null default 100.00 check (minimum_payout >= 0),
  total_earnings          numeric(19,4) not null default 0,
  available_balance       numeric(19,4) not null default 0,
  pending_balance         numeric(19,4) not null default 0,
  created_at              timestamptz not null default now(),
  updated_at              timestamptz not null default now()
) with (fillfactor = 70);
comment on table coach_profiles is 'Owning a row here is what makes a user a coach';
comment on column coach_profiles.total_earnings is
  'Pending, available, in transit and paid out, from the ledger, in the profile''s currency; written by a trigger alone';
comment on column coach_profiles.available_balance is 'The ledger''s coach_available; written by a trigger alone';
comment on column coach_profiles.pending_balance is 'The ledger''s coach_pending; written by a trigger alone';
--rollback drop table coach_profiles;

--changeset coachpay:stripe_connected_accounts
create table stripe_connected_accounts (
  id                  uuid primary key,
  user_id             uuid not null unique references users on delete cascade,
  stripe_account_id   text unique check (stripe_account_id ~ '^acct_[a-zA-Z0-9]+$'),
  payouts_enabled     boolean not null default false,
  details_submitted   boolean not null default false,
  charges_enabled     boolean not null default false,
  transfers_enabled   boolean not null default false,
  payouts_manual      boolean not null default false,
  country             char(2) not null check (country ~ '^[A-Z]{2}$'),
  default_currency    char(3) check (default_currency ~ '^[A-Z]{3}$'),
  settled_currencies  text[] not null default '{}',
  requires_onboarding boolean not null default true,
  business_type       text check (business_type in ('individual', 'company', 'non_profit', 'government_entity')),
  business_profile    jsonb,
  verification_status text,
  requirements        jsonb,
  deauthorized_at     timestamptz,
  attempt             integer not null default 1 check (attempt > 0),
  stripe_as_of        timestamptz,
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now()
);
comment on table stripe_connected_accounts is 'A coach''s account at Stripe, mirrored';
comment on column stripe_connected_accounts.transfers_enabled is 'The capability transfers is active: without it a destination charge fails';
comment on column stripe_connected_accounts.settled_currencies is
  'What the account has a bank account for: Stripe converts any other money on its way';
comment on column stripe_connected_accounts.payouts_manual is 'Stripe was told that coachpay decides when to pay out';
comment on column stripe_connected_accounts.attempt is 'Part of the idempotency key at Stripe';
comment on column stripe_connected_accounts.stripe_as_of is 'Age of what is mirrored here: anything older changes nothing';
--rollback drop table stripe_connected_accounts;
