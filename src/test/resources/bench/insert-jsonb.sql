\set event random(1, 9000000000000000000)
insert into inbox (event_id, type, payload) values ('evt_' || :event::bigint, 'payment_intent.created', :payload::jsonb) on conflict do nothing;
