--liquibase formatted sql

-- Coaching sessions. Two live ones of one coach cannot overlap, whatever the service believes.

--changeset coachpay:btree_gist
create extension if not exists btree_gist;
--rollback drop extension btree_gist;

--changeset coachpay:sessions
create table sessions (
  id                                  uuid primary key,
  mentee_id                           uuid not null references users,
  coach_id                            uuid not null references users,
  starts_at                           timestamptz not null,
  ends_at                             timestamptz not null,
  status                              text not null default 'pending_payment'
    check (status in ('pending_payment', 'confirmed', 'completed', 'cancelled', 'no_show', 'expired')),
  live                                boolean generated always as (status in ('pending_payment', 'confirmed')) stored,
  price_amount                        numeric(19,4) not null check (price_amount > 0),
  currency                            char(3) not null check (currency ~ '^[A-Z]{3}$'),
  platform_fee_amount                 numeric(19,4) not null check (platform_fee_amount >= 0),
  coach_payout_amount                 numeric(19,4) not null check (coach_payout_amount >= 0),
  payment_status                      text not null default 'pending'
    check (payment_status in ('pending', 'processing', 'paid', 'failed', 'canceled', 'partially_refunded', 'refunded', 'disputed')),
  stripe_payment_intent_id            text unique check (stripe_payment_intent_id ~ '^pi_[a-zA-Z0-9]+$'),
  hold_expires_at                     timestamptz,
  hourly_rate                         numeric(19,4) not null check (hourly_rate > 0),
  platform_fee_percentage             numeric(5,2) not null check (platform_fee_percentage between 0 and 100),
  free_cancellation_hours             integer not null default 24 check (free_cancellation_hours >= 0),
  late_cancellation_refund_percentage numeric(5,2) not null default 0 check (late_cancellation_refund_percentage between 0 and 100),
  cancelled_at                        timestamptz,
  cancelled_by                        text check (cancelled_by in ('mentee', 'coach', 'admin', 'service')),
  completed_at                        timestamptz,
  created_at                          timestamptz not null default now(),
  updated_at                          timestamptz not null default now(),
  constraint sessions_end_after_start check (ends_at > starts_at),
  constraint sessions_split_adds_up check (price_amount = platform_fee_amount + coach_payout_amount),
  constraint sessions_not_with_oneself check (mentee_id <> coach_id),
  constraint sessions_hold_while_unpaid check (status <> 'pending_payment' or hold_expires_at is not null),
  constraint sessions_slot_taken exclude using gist (coach_id with =, tstzrange(starts_at, ends_at) with &&) where (live)
);
create index sessions_mentee on sessions (mentee_id, id);
create index sessions_coach on sessions (coach_id, id);
create index sessions_status on sessions (status, created_at);
create index sessions_holds on sessions (hold_expires_at) where status = 'pending_payment';
create index sessions_to_complete on sessions (ends_at) where status = 'confirmed';
comment on table sessions is 'Booked sessions, with rate, fee, split and refund policy as they were at booking';
comment on column sessions.live is
  'Takes up the coach''s time. A column of its own, because a constraint that named status would be checked again at every payment';
comment on column sessions.free_cancellation_hours is 'The mentee gets everything back until so many hours before the start';
comment on column sessions.late_cancellation_refund_percentage is 'and this share of the price afterwards';
--rollback drop table sessions;
