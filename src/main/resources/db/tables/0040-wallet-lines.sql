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

--changeset coachpay:wallet_lines_of_before
insert into wallet_lines (id, journal_id, user_id, currency, line, kind, amount, balance_before, balance_after, transaction_id,
  session_id, package_name, occurred_at, created_at)
select e.id, e.journal_id, a.owner_id, a.currency, e.line, j.kind, e.amount, e.balance_before, e.balance_after, j.transaction_id,
       t.session_id, t.package_name, j.occurred_at, e.created_at
  from ledger_accounts a
  join ledger_entries e on e.account_id = a.id
  join ledger_journals j on j.id = e.journal_id
  left join transactions t on t.id = j.transaction_id
 where a.kind = 'credits';
--rollback delete from wallet_lines;
