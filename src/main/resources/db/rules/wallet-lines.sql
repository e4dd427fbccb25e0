--liquibase formatted sql

-- Lines for entries that the post_journals of the release before wrote, also while this one was being installed. It comes after the
-- new one, and waits for calls of the old one that are under way.

--changeset coachpay:wallet_lines_of_before runOnChange:true splitStatements:false stripComments:false
-- One statement, so that the lock holds where each is sent by itself.
do $$ begin
lock table ledger_entries in share row exclusive mode;
insert into wallet_lines (id, journal_id, user_id, currency, line, kind, amount, balance_before, balance_after, transaction_id,
  session_id, package_name, occurred_at, created_at)
select e.id, e.journal_id, a.owner_id, a.currency, e.line, j.kind, e.amount, e.balance_before, e.balance_after, j.transaction_id,
       t.session_id, t.package_name, j.occurred_at, e.created_at
  from ledger_accounts a
  join ledger_entries e on e.account_id = a.id
  join ledger_journals j on j.id = e.journal_id
  left join transactions t on t.id = j.transaction_id
 where a.kind = 'credits' and not exists (select from wallet_lines l where l.id = e.id);
end $$;
--rollback select 1;
