--liquibase formatted sql

-- The inbox at size: events that wait for Stripe apart from others, listings of accounts when they are due, and forgetting that
-- costs what there is to forget. Indexes of large tables are built without keeping anybody from writing.

--changeset coachpay:stripe_events_lanes
alter table stripe_events add column fetches boolean not null default false;
comment on column stripe_events.fetches is 'Its handlers need objects as they are at Stripe now: worked on by threads of their own';
--rollback alter table stripe_events drop column fetches;

--changeset coachpay:stripe_events_waiting runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists stripe_events_waiting;
create index concurrently stripe_events_waiting on stripe_events (fetches, next_attempt_at) where status in ('received', 'failed');
drop index concurrently if exists stripe_events_due;
set lock_timeout = '2s';
--rollback create index stripe_events_due on stripe_events (next_attempt_at) where status in ('received', 'failed');
--rollback drop index stripe_events_waiting;

--changeset coachpay:stripe_events_to_empty runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists stripe_events_to_empty;
create index concurrently stripe_events_to_empty on stripe_events ((coalesce(processed_at, next_attempt_at)))
  where payload is not null and status in ('processed', 'ignored', 'dead');
set lock_timeout = '2s';
--rollback drop index stripe_events_to_empty;

--changeset coachpay:stripe_events_vacuum
-- By count and not by share: a fifth of a year's events is weeks of work for the index of what is due.
alter table stripe_events set (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 50000);
--rollback alter table stripe_events reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold, autovacuum_analyze_scale_factor, autovacuum_analyze_threshold, toast.autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_threshold);

--changeset coachpay:event_marks_by_activity
alter table event_marks
  add column next_at    timestamptz,
  add column failures   integer not null default 0 check (failures >= 0),
  add column moved_at   timestamptz,
  add column lines      bigint,
  add column types_left text[];
comment on column event_marks.next_at is 'When its events are listed next; null for as soon as possible';
comment on column event_marks.failures is 'How often in a row a listing has failed: each pause is longer';
comment on column event_marks.moved_at is 'When its newest event happened, or its coach''s books moved: what rests is listed more rarely';
comment on column event_marks.lines is 'How many entries its coach''s accounts in the ledger had when it was listed: more now, and it is due';
comment on column event_marks.types_left is
  'Types that a listing under way has still to list; resume_after is a place in the list of the first twenty of them';
--rollback alter table event_marks drop column next_at, drop column failures, drop column moved_at, drop column lines, drop column types_left;

--changeset coachpay:disputes_evidence_to_empty runInTransaction:false
set lock_timeout = 0;
drop index concurrently if exists disputes_evidence_to_empty;
create index concurrently disputes_evidence_to_empty on disputes (closed_at) where closed_at is not null and evidence <> '{}';
set lock_timeout = '2s';
comment on column disputes.evidence is
  'Texts by Stripe''s names, kept here until they are submitted, once, and emptied long after the end; an empty one was taken away';
--rollback comment on column disputes.evidence is 'Texts by Stripe''s names, kept here until they are submitted, once; an empty one was taken away';
--rollback drop index disputes_evidence_to_empty;
