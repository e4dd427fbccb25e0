--liquibase formatted sql

-- One table says of each list at Stripe, account by account, how far it was read, with the marks of the three that said so before.
-- Those stay for the release before, which continues with its own marks: what both read is read twice. A later release drops them.

--changeset coachpay:stripe_cursors
create table stripe_cursors (
  id           uuid primary key,
  listing      text not null check (listing in ('events', 'balance_transactions', 'payouts', 'transfers')),
  account      text not null check (account = 'platform' or account ~ '^acct_[a-zA-Z0-9]+$'),
  listed_until timestamptz,
  listing_from timestamptz,
  resume_after text,
  types_left   text[],
  moved_at     timestamptz,
  lines        bigint,
  requested_at timestamptz,
  next_at      timestamptz,
  failure      text,
  failures     integer not null default 0 check (failures >= 0),
  failed_since timestamptz,
  compared_at  timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  constraint stripe_cursors_once unique (listing, account),
  constraint stripe_cursors_under_way check (listing_from is not null or resume_after is null and types_left is null),
  constraint stripe_cursors_failed check ((failure is null) = (failed_since is null) and (failures = 0 or failure is not null)),
  constraint stripe_cursors_types check (listing = 'events' or types_left is null and lines is null)
);
comment on table stripe_cursors is 'How far each account''s lists at Stripe have been read, where reading resumes, and when it is due';
comment on column stripe_cursors.listed_until is 'Moves when a listing has ended, not before';
comment on column stripe_cursors.listing_from is 'When the listing under way began: the next mark';
comment on column stripe_cursors.resume_after is
  'The last object of a listing that was cut off, by Stripe''s id; of transfers, the last of our payments that was asked about';
comment on column stripe_cursors.types_left is
  'Types of events that a listing under way has still to list; resume_after is a place in the list of the first twenty of them';
comment on column stripe_cursors.moved_at is 'When something new last appeared: what rests is listed more rarely';
comment on column stripe_cursors.lines is
  'How many entries its coach''s accounts in the ledger had when its events were listed: more now, and it is due';
comment on column stripe_cursors.requested_at is 'When somebody asked for a listing that has not ended since';
comment on column stripe_cursors.next_at is
  'When it is listed next, if nobody asks for it before; null for as soon as possible. While it fails, no request brings that forward';
comment on column stripe_cursors.failures is 'How often in a row a listing has failed by the account''s fault: each pause is longer';
comment on column stripe_cursors.failed_since is 'Since when no listing has ended';
comment on column stripe_cursors.compared_at is
  'When Stripe was last asked what the account holds, to compare it with the balance transactions';
--rollback drop table stripe_cursors;

--changeset coachpay:stripe_cursors_carried
insert into stripe_cursors (id, listing, account, listed_until, listing_from, resume_after, types_left, moved_at, lines, next_at,
       failure, failures, failed_since, created_at)
select gen_random_uuid(), 'events', account, listed_until, case when types_left is not null then listing_from end,
       case when listing_from is not null and types_left is not null then resume_after end,
       case when listing_from is not null then types_left end, moved_at, lines, next_at,
       failure, case when failure is null then 0 else failures end, case when failure is not null then updated_at end, created_at
  from event_marks m
 where not exists (select from stripe_connected_accounts c where c.replaced_accounts @> array[m.account]);
insert into stripe_cursors (id, listing, account, listed_until, listing_from, resume_after, moved_at, requested_at, next_at,
       failure, failures, failed_since, compared_at, created_at)
select gen_random_uuid(), 'balance_transactions', account, imported_until, case when resume_after is not null then listing_from end,
       case when listing_from is not null then resume_after end, moved_at, requested_at,
       case when failure is null then next_at else retry_at end, failure, case when failure is null then 0 else failures end,
       case when failure is not null then coalesce(failed_since, updated_at) end, compared_at, created_at
  from balance_imports;
insert into stripe_cursors (id, listing, account, listed_until, next_at, failure, failures, failed_since, created_at)
select gen_random_uuid(), 'payouts', c.stripe_account_id, l.listed_until, l.next_at,
       case when l.failures > 0 then 'The listing has not ended' end, l.failures, case when l.failures > 0 then l.updated_at end,
       l.created_at
  from payout_listings l join stripe_connected_accounts c on c.id = l.connected_account_id
 where c.stripe_account_id is not null;
comment on table event_marks is 'Out of use since 0.1.0 and there for the release before: stripe_cursors has its marks';
comment on table balance_imports is 'Out of use since 0.1.0 and there for the release before: stripe_cursors has its marks';
comment on table payout_listings is 'Out of use since 0.1.0 and there for the release before: stripe_cursors has its marks';
--rollback comment on table balance_imports is 'How far each account''s balance transactions have been imported';
--rollback comment on table event_marks is 'How far each account''s events have been listed, to find those whose webhook never came';
--rollback comment on table payout_listings is 'How far each account''s payouts have been listed, to find what no webhook told';
--rollback delete from stripe_cursors;
