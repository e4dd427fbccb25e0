--liquibase formatted sql

-- A person's history of credits in one place. Read from entries, journals, payments and sessions, each line of a page costs a
-- search in each of them.

--changeset coachpay:wallet_lines
create table wallet_lines (
  id             uuid primary key references ledger_entries,
  journal_id     uuid not null,
  user_id        uuid not null references users,
  currency       char(3) not null,
  line           bigint not null,
  kind           text not null,
  amount         numeric(20,6) not null check (amount <> 0),
  balance_before numeric(20,6) not null check (balance_before >= 0),
  balance_after  numeric(20,6) not null check (balance_after >= 0),
  transaction_id uuid,
  session_id     uuid,
  package_name   text,
  occurred_at    timestamptz not null,
  created_at     timestamptz not null default now(),
  constraint wallet_lines_once unique (user_id, currency, line),
  constraint wallet_lines_continue check (balance_after = balance_before + amount)
);
comment on table wallet_lines is 'An entry on a wallet with what its journal and its payment say of it, written by post_journals alone';
comment on column wallet_lines.id is 'The entry''s';
comment on column wallet_lines.line is 'The entry''s: the order of the history, which ids do not give when two write at once';
comment on column wallet_lines.kind is 'The journal''s';
comment on column wallet_lines.package_name is 'What was bought, where the line belongs to a purchase';
comment on column wallet_lines.occurred_at is 'When its fact happened, which is not when we wrote it';
--rollback drop table wallet_lines;
