--liquibase formatted sql

-- What Stripe does not take of people must not keep them from paying and being paid.

--changeset coachpay:stripe_customers_refused
alter table stripe_customers
  add column refused_email text,
  add column refused_name text,
  add constraint stripe_customers_synced_whole
    check (sync_status <> 'synced' or (refused_email is null and refused_name is null));
comment on column stripe_customers.refused_email is
  'The owner''s latest address, which Stripe did not take: the customer does without it until there is another';
comment on column stripe_customers.refused_name is 'The same of the name';
--rollback alter table stripe_customers drop column refused_email, drop column refused_name;

--changeset coachpay:coach_profiles_without_usual_minimum
alter table coach_profiles alter column minimum_payout drop default;
comment on column coach_profiles.minimum_payout is 'In the profile''s currency, so that no number is usual in all of them';
--rollback alter table coach_profiles alter column minimum_payout set default 100.00;

--changeset coachpay:stripe_connected_accounts_charge_refused
alter table stripe_connected_accounts
  add column out_of_reach boolean not null default false,
  add column charge_refused_at timestamptz,
  add column charge_refusal text,
  add column charge_refusals integer not null default 0 check (charge_refusals >= 0),
  add column charge_check_at timestamptz,
  add constraint stripe_connected_accounts_refusal_looked_at
    check ((charge_refused_at is null) = (charge_check_at is null));
create index stripe_connected_accounts_charges_to_check on stripe_connected_accounts (charge_check_at)
  where charge_check_at is not null;
comment on column stripe_connected_accounts.out_of_reach is 'Payments of the platform do not reach accounts of this country';
comment on column stripe_connected_accounts.charge_refused_at is
  'Since when Stripe refuses payments because of this account, whatever it says of it; null when it does not';
comment on column stripe_connected_accounts.charge_refusal is 'Stripe''s words when it last did';
comment on column stripe_connected_accounts.charge_refusals is 'How often that began: each pause is twice as long as the one before';
comment on column stripe_connected_accounts.charge_check_at is 'When the account is read again and gets another chance';
--rollback alter table stripe_connected_accounts drop column out_of_reach, drop column charge_refused_at, drop column charge_refusal, drop column charge_refusals, drop column charge_check_at;

--changeset coachpay:stripe_connected_accounts_reconnected
alter table stripe_connected_accounts
  add column reconnected_at timestamptz,
  add column replaced_accounts text[] not null default '{}';
create index stripe_connected_accounts_replaced on stripe_connected_accounts using gin (replaced_accounts);
comment on column stripe_connected_accounts.reconnected_at is
  'When Stripe let us read it again after it was disconnected: older news of a disconnection change nothing';
comment on column stripe_connected_accounts.replaced_accounts is
  'Accounts that the coach had before and disconnected for good, the last one last; the audit log tells when';
--rollback alter table stripe_connected_accounts drop column reconnected_at, drop column replaced_accounts;

--changeset coachpay:stripe_connected_accounts_payouts_asked_next
alter table stripe_connected_accounts add column payouts_asked_next timestamptz;
comment on column stripe_connected_accounts.payouts_asked_next is
  'When Stripe, which refused it, is asked again to leave payouts to us: those refused do not keep the turn of others';
--rollback alter table stripe_connected_accounts drop column payouts_asked_next;

--changeset coachpay:sought_from
alter table stripe_customers add column sought_from timestamptz not null default now();
alter table stripe_connected_accounts add column sought_from timestamptz not null default now();
update stripe_customers set sought_from = created_at;
update stripe_connected_accounts set sought_from = created_at;
comment on column stripe_customers.sought_from is
  'When it was begun, or looked for at Stripe in vain last: only a day of what was made there from then on has to be looked through';
comment on column stripe_connected_accounts.sought_from is 'The same as with customers';
--rollback alter table stripe_customers drop column sought_from;
--rollback alter table stripe_connected_accounts drop column sought_from;
