--liquibase formatted sql

-- What was written stays written: a mistake is corrected by another row. This binds the schema's owner too.

--changeset coachpay:append_only runOnChange:true splitStatements:false stripComments:false
create or replace function refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op
    using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_table_name || '_append_only';
end $$;
revoke execute on function refuse_change() from public;

create or replace trigger append_only before update or delete or truncate on ledger_journals
  for each statement execute function refuse_change();
create or replace trigger append_only before update or delete or truncate on ledger_entries
  for each statement execute function refuse_change();
create or replace trigger append_only before update or truncate on payment_logs
  for each statement execute function refuse_change();
-- The log of payments tells what happened, and moves no money: a year on it may go.
create or replace trigger kept_for_a_year before delete on payment_logs
  for each row when (old.created_at >= now() - interval '1 year') execute function refuse_change();
create or replace trigger append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
create or replace trigger append_only before update or delete or truncate on wallet_lines
  for each statement execute function refuse_change();
create or replace trigger append_only before update or delete or truncate on credit_adjustments
  for each statement execute function refuse_change();
create or replace trigger append_only before update or delete or truncate on invoice_logs
  for each statement execute function refuse_change();
--rollback drop trigger append_only on invoice_logs;
--rollback drop trigger append_only on wallet_lines;
--rollback drop trigger append_only on credit_adjustments;
--rollback drop trigger append_only on audit_log;
--rollback drop trigger kept_for_a_year on payment_logs;
--rollback drop trigger append_only on payment_logs;
--rollback drop trigger append_only on ledger_entries;
--rollback drop trigger append_only on ledger_journals;
--rollback drop function refuse_change();
