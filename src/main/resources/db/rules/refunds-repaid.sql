--liquibase formatted sql

-- What a failed refund took from its coach goes back there once, and no more than it took, by rule or by hand.

--changeset coachpay:refunds_repaid_once runOnChange:true splitStatements:false stripComments:false
create or replace function refunds_repaid_once() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  taken numeric;
begin
  if old.repaid is not null then
    raise exception 'Refund % has given % back to its coach, once and for all', old.id, old.repaid
      using errcode = 'check_violation', table = tg_table_name, constraint = 'refunds_repaid_once';
  end if;
  select coalesce(sum(amount), 0) into taken from transfer_reversals where refund_id = new.id;
  if new.repaid > taken then
    raise exception 'Refund % took % from its coach, and cannot give % back', new.id, taken, new.repaid
      using errcode = 'check_violation', table = tg_table_name, constraint = 'refunds_repaid_within_taken';
  end if;
  return new;
end $$;
revoke execute on function refunds_repaid_once() from public;

create or replace trigger repaid_once before update of repaid on refunds
  for each row when (new.repaid is distinct from old.repaid) execute function refunds_repaid_once();
--rollback drop trigger repaid_once on refunds;
--rollback drop function refunds_repaid_once();
