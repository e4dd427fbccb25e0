--liquibase formatted sql

-- What a failed refund had taken from a coach is given back once: by rule where that is certain, else as an administrator says.

--changeset coachpay:refunds_repaid
alter table refunds
  add column repaid numeric(19,4),
  add column decision_reason text check (decision_reason ~ '\S'),
  add constraint refunds_repaid_after_failure check (repaid >= 0 and (repaid is null or status in ('failed', 'canceled'))),
  drop constraint refunds_decision_check,
  add constraint refunds_decision_check check (decision in ('retry', 'withdraw', 'platform_pays', 'repay')),
  add constraint refunds_repay_for_a_reason check ((decision is not distinct from 'repay') = (decision_reason is not null));
update refunds r set repaid = coalesce((select s.amount from transfer_steps s
                                         where s.refund_id = r.id and s.purpose = 'refund_failed'), 0)
 where status in ('failed', 'canceled') and check_at is null;
create index refunds_unrepaid on refunds (id) where status in ('failed', 'canceled') and repaid is null;
comment on column refunds.repaid is 'What of it a failed one gave back to its coach; null while that is not decided';
comment on column refunds.decision_reason is 'Why, in the administrator''s words';
--rollback drop index refunds_unrepaid;
--rollback update refunds set decision = null, decided_by = null, decided_at = null, decision_reason = null where decision = 'repay';
--rollback alter table refunds drop constraint refunds_repay_for_a_reason, drop constraint refunds_decision_check, drop constraint refunds_repaid_after_failure, drop column decision_reason, drop column repaid;
--rollback alter table refunds add constraint refunds_decision_check check (decision in ('retry', 'withdraw', 'platform_pays'));

--changeset coachpay:refunds_fees_in_the_ledger
-- What the platform keeps again of a fee, and what it gives up again, stands in the ledger.
alter table refunds drop column fee_regained, drop column fee_forgone;
--rollback alter table refunds add column fee_regained numeric(19,4) not null default 0 check (fee_regained >= 0), add column fee_forgone numeric(19,4) not null default 0 check (fee_forgone >= 0);
--rollback comment on column refunds.fee_regained is 'Of one that failed: what of the fee given back for it is the platform''s again';
--rollback comment on column refunds.fee_forgone is 'What of a fee regained from an earlier failure the platform gives up again for this one, since Stripe has no more of it to return';
