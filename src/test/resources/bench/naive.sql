-- Tables as many would make them: keys and the usual indexes, no rule beyond them.
create table stripe_events (
  event_id     text primary key,
  type         text not null,
  payload      jsonb not null,
  processed_at timestamptz not null default now()
);
create table sessions (
  id         uuid primary key,
  coach_id   uuid not null,
  status     text not null,
  updated_at timestamptz not null default now()
);
create index on sessions (coach_id);
create table payments (
  id                       uuid primary key,
  session_id               uuid not null references sessions,
  coach_id                 uuid not null,
  stripe_payment_intent_id text not null unique,
  stripe_charge_id         text,
  status                   text not null,
  amount                   bigint not null,
  fee                      bigint not null,
  paid_at                  timestamptz,
  updated_at               timestamptz not null default now()
);
create index on payments (session_id);
create index on payments (coach_id);
create table journals (
  id         bigint generated always as identity primary key,
  payment_id uuid not null references payments,
  event_id   text not null,
  created_at timestamptz not null default now()
);
create index on journals (payment_id);
create table entries (
  id         bigint generated always as identity primary key,
  journal_id bigint not null references journals,
  account    text not null,
  amount     bigint not null
);
create index on entries (journal_id);
create index on entries (account);

insert into sessions (id, coach_id, status)
  select uuidv7(), ('00000000-0000-7000-8000-' || lpad((n % ${coaches})::text, 12, '0'))::uuid, 'pending_payment'
    from generate_series(1, ${payments}) as n;
insert into payments (id, session_id, coach_id, stripe_payment_intent_id, status, amount, fee)
  select id, id, coach_id, 'pi_' || replace(id::text, '-', ''), 'pending', 10000, 2000 from sessions;
