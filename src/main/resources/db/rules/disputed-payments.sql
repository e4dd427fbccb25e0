--liquibase formatted sql

-- What disputes took of a payment is the sum of their rows, whoever writes them. The payment's lock is taken first, as whoever
-- decides about its money does; the sum is read in a statement of its own then, which sees what others have just written.

--changeset coachpay:disputed_payments runOnChange:true splitStatements:false stripComments:false
create or replace function sum_disputes(payment uuid) returns void
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform from transactions where id = payment for no key update;
  update transactions t set disputed_amount = d.taken, lost_amount = d.lost
    from (select coalesce(sum(withdrawn_amount), 0) as taken,
                 coalesce(sum(withdrawn_amount) filter (where closed_at is not null), 0) as lost
            from disputes where transaction_id = payment) as d
   where t.id = payment and (t.disputed_amount, t.lost_amount) is distinct from (d.taken, d.lost);
end $$;
revoke execute on function sum_disputes(uuid) from public;

create or replace function disputed_payments() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if tg_op in ('UPDATE', 'DELETE') then
    perform sum_disputes(old.transaction_id);
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' and new.transaction_id <> old.transaction_id then
    perform sum_disputes(new.transaction_id);
  end if;
  return null;
end $$;
revoke execute on function disputed_payments() from public;

create or replace trigger takes_of_payment after insert on disputes
  for each row when (new.withdrawn_amount <> 0) execute function disputed_payments();
create or replace trigger moves_what_it_takes after update of transaction_id, withdrawn_amount, closed_at on disputes
  for each row when ((old.transaction_id, old.withdrawn_amount, old.closed_at is null)
    is distinct from (new.transaction_id, new.withdrawn_amount, new.closed_at is null))
  execute function disputed_payments();
create or replace trigger takes_nothing_more after delete on disputes
  for each row when (old.withdrawn_amount <> 0) execute function disputed_payments();
--rollback drop trigger takes_nothing_more on disputes;
--rollback drop trigger moves_what_it_takes on disputes;
--rollback drop trigger takes_of_payment on disputes;
--rollback drop function disputed_payments();
--rollback drop function sum_disputes(uuid);

--changeset coachpay:disputed_payments_begun runOnChange:true splitStatements:false
-- Payments that were disputed before there was a trigger. Those whose sums are right are not locked.
do $$
declare
  payment uuid;
begin
  for payment in
    select t.id from transactions t
      join (select transaction_id, sum(withdrawn_amount) as taken,
                   coalesce(sum(withdrawn_amount) filter (where closed_at is not null), 0) as lost
              from disputes group by transaction_id) as d on d.transaction_id = t.id
     where (t.disputed_amount, t.lost_amount) is distinct from (d.taken, d.lost) order by t.id
  loop
    perform sum_disputes(payment);
  end loop;
end $$;
--rollback select 1;
