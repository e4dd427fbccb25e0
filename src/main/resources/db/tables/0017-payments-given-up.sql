--liquibase formatted sql

-- Ending what is not paid, and what is paid after all.

--changeset coachpay:sessions_check_at
-- A hold whose payment Stripe does not end keeps its time, and lets others have their turn.
alter table sessions add column check_at timestamptz;
drop index sessions_holds;
create index sessions_holds on sessions ((coalesce(check_at, hold_expires_at))) where status = 'pending_payment';
comment on column sessions.check_at is 'When ending a hold that is over is tried again; null until it has been tried';
--rollback drop index sessions_holds;
--rollback alter table sessions drop column check_at;
--rollback create index sessions_holds on sessions (hold_expires_at) where status = 'pending_payment';

--changeset coachpay:transactions_late
-- What succeeds after it was cancelled is booked all the same. If the session has another payment by then, it goes back.
alter table transactions add column late_at timestamptz;
alter table transactions add column surplus boolean not null default false;
alter table transactions add constraint transactions_surplus_is_late check (not surplus or late_at is not null);
drop index transactions_one_live_per_session;
create unique index transactions_one_live_per_session on transactions (session_id) where status <> 'canceled' and not surplus;
create index transactions_late on transactions (late_at) where late_at is not null;
comment on column transactions.late_at is 'When we heard that it succeeded, although Stripe had ended it before';
comment on column transactions.surplus is 'Late, and its session is paid, or being paid, by another: it goes back in full';
--rollback drop index transactions_late;
--rollback drop index transactions_one_live_per_session;
--rollback create unique index transactions_one_live_per_session on transactions (session_id) where status <> 'canceled';
--rollback alter table transactions drop column surplus;
--rollback alter table transactions drop column late_at;

--changeset coachpay:transactions_refused_at
alter table transactions add column refused_at timestamptz;
create index transactions_refused on transactions (refused_at) where refused_at is not null;
comment on column transactions.refused_at is
  'When Stripe refused the call itself, rather than a bank the card; null once it is tried again';
--rollback drop index transactions_refused;
--rollback alter table transactions drop column refused_at;

--changeset coachpay:payment_methods_detached
-- A payment method that was removed cannot be used again, so news of it that come late must not bring it back.
alter table payment_methods add column detached_at timestamptz;
alter table payment_methods add constraint payment_methods_detached_is_no_default check (detached_at is null or not is_default);
comment on column payment_methods.detached_at is 'When it was removed at Stripe: the row stays as a mark, without what one recognises it by';
--rollback alter table payment_methods drop column detached_at;
