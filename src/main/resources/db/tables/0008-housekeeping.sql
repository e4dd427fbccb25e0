--liquibase formatted sql

-- What the service needs for itself: repeated requests, who changed what, jobs, limits.

--changeset coachpay:idempotency_keys
create table idempotency_keys (
  id              uuid primary key,
  user_id         uuid not null references users on delete cascade,
  key             text not null check (length(key) between 1 and 255),
  request_hash    text not null,
  locked_at       timestamptz not null default now(),
  response_status integer check (response_status between 100 and 599),
  response_body   text,
  completed_at    timestamptz,
  expires_at      timestamptz not null,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint idempotency_keys_once unique (user_id, key)
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);
comment on table idempotency_keys is 'Answers to requests that may come again';
comment on column idempotency_keys.locked_at is 'When the request began; without an answer long after, its holder died';
--rollback drop table idempotency_keys;

--changeset coachpay:audit_log
create table audit_log (
  id         uuid primary key default gen_random_uuid(),
  table_name text not null,
  row_id     uuid not null,
  actor_id   uuid,
  role       text not null,
  action     text not null check (action in ('insert', 'update', 'delete')),
  before     jsonb,
  after      jsonb,
  created_at timestamptz not null default clock_timestamp()
);
create index audit_log_row on audit_log (table_name, row_id, created_at);
create index audit_log_time on audit_log (created_at);
comment on table audit_log is 'Who changed what, written by triggers. Personal data is named as changed, never kept';
comment on column audit_log.actor_id is 'The user on whose behalf, null for the service itself; no foreign key, for the log outlives people';
--rollback drop table audit_log;

--changeset coachpay:scheduled_tasks
create table scheduled_tasks (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);
create index scheduled_tasks_priority on scheduled_tasks (priority desc, execution_time);
comment on table scheduled_tasks is 'Jobs, in the shape that db-scheduler wants';
--rollback drop table scheduled_tasks;

--changeset coachpay:rate_limit_buckets
create table rate_limit_buckets (
  id         text primary key,
  state      bytea,
  expires_at bigint
) with (fillfactor = 70);
create index rate_limit_buckets_expiry on rate_limit_buckets (expires_at);
comment on table rate_limit_buckets is 'Rate limits shared by all instances, in the shape that Bucket4j wants';
comment on column rate_limit_buckets.expires_at is 'Milliseconds since 1970';
--rollback drop table rate_limit_buckets;
