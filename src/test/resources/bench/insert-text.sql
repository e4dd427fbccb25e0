\set event random(1, 9000000000000000000)
insert into text_inbox (event_id, type, payload) values ('evt_' || :event::bigint, 'payment_intent.created', :payload::text) on conflict do nothing;
