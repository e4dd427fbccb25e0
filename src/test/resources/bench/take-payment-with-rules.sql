\set event random(1, 9000000000000000000)
select rules.take_payment('evt_' || :event::bigint, :payload::text);
