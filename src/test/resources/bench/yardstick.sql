-- The same work as the service's, without any of its rules: what PostgreSQL itself can do with it on this machine.
create table inbox (
  event_id    text primary key,
  type        text not null,
  created     timestamptz not null default now(),
  received_at timestamptz not null default now(),
  status      smallint not null default 0,
  payload     jsonb not null
);
create table text_inbox (
  event_id    text primary key,
  type        text not null,
  created     timestamptz not null default now(),
  received_at timestamptz not null default now(),
  status      smallint not null default 0,
  payload     text not null
);
create table payments (
  id              bigint primary key,
  status          text not null,
  amount          bigint not null,
  amount_received bigint not null default 0,
  last_event_id   text,
  updated_at      timestamptz not null default now()
) with (fillfactor = 70);
create table balances (
  account text primary key,
  amount  bigint not null default 0,
  version bigint not null default 0
) with (fillfactor = 50);
create table entries (
  id         bigint generated always as identity primary key,
  event_id   text not null,
  payment_id bigint not null,
  account    text not null,
  amount     bigint not null,
  created_at timestamptz not null default now()
);
create index on entries (account, id);
create index on entries (payment_id);
insert into payments (id, status, amount) select n, 'processing', 1000 + n % 90000 from generate_series(1, 200000) as n;
insert into balances (account) select kind || n from (values ('coach:'), ('platform:')) as kinds (kind), generate_series(1, 1000) as n;

-- A succeeded payment in one round trip.
create function take_payment(event text, body jsonb, payment bigint, paid bigint, fee bigint, coach text, platform text)
  returns boolean language plpgsql as $$
begin
  insert into inbox (event_id, type, payload, status) values (event, 'payment_intent.succeeded', body, 1) on conflict do nothing;
  if not found then
    return false;
  end if;
  perform status from payments where id = payment for update;
  update payments set status = 'succeeded', amount_received = paid, last_event_id = event, updated_at = now() where id = payment;
  insert into entries (event_id, payment_id, account, amount)
    values (event, payment, 'external', -paid), (event, payment, coach, paid - fee), (event, payment, platform, fee);
  update balances set amount = amount + paid - fee, version = version + 1 where account = coach;
  update balances set amount = amount + fee, version = version + 1 where account = platform;
  return true;
end $$;
