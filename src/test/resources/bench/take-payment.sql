\set event random(1, 9000000000000000000)
\set payment random(1, 200000)
\set amount random(1000, 90000)
\set coach random(1, :coaches)
\set platform random(1, 1000)
select take_payment('evt_' || :event::bigint, :payload::jsonb, :payment::bigint, :amount::bigint, :amount::bigint * 29 / 1000 + 30, 'coach:' || :coach::int, 'platform:' || :platform::int);
