--liquibase formatted sql

-- What a plan gives its subscriber, kept where it was agreed: on the coach's booking.

--changeset coachpay:sessions_fee_source
alter table sessions add column fee_source text not null default 'profile';
alter table sessions add constraint sessions_fee_source_check check (fee_source in ('profile', 'plan')) not valid;
comment on column sessions.fee_source is
  'Whose percentage the platform''s fee is: the coach''s own, or the lower one of the plan that the coach subscribed to at booking';
--rollback alter table sessions drop column fee_source;

--changeset coachpay:sessions_fee_source_valid
alter table sessions validate constraint sessions_fee_source_check;
--rollback select 1;
