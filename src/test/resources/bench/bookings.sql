-- People, coaches, and bookings whose payment is under way at Stripe: all that a succeeded payment's event meets.
-- The first so many are spread over all coaches, the rest belong to one coach alone.
insert into users (id, oidc_subject, name)
  select uuidv7(), 'bench-coach-' || n, 'Coach ' || n from generate_series(1, ${coaches}) as n;
insert into users (id, oidc_subject, name)
  select uuidv7(), 'bench-mentee-' || n, 'Mentee ' || n from generate_series(1, ${mentees}) as n;
insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout)
  select uuidv7(), id, 100, 'USD', 100 from users where oidc_subject like 'bench-coach-%';

-- More than anybody may hold.
alter table sessions disable trigger open_holds;
insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, price_amount, currency, platform_fee_amount,
                      coach_payout_amount, payment_status, hold_expires_at, hourly_rate, platform_fee_percentage)
  select uuidv7(), mentee.id, coach.id, now() + interval '1 day' + n * interval '1 hour',
         now() + interval '1 day' + n * interval '1 hour' + interval '30 minutes',
         10 * (1 + n % 50), 'USD', 2 * (1 + n % 50), 8 * (1 + n % 50), 'pending', now() + interval '6 hours', 100, 20
    from generate_series(1, ${spread} + ${hot}) as n
    join users coach on coach.oidc_subject = 'bench-coach-' || case when n <= ${spread} then 1 + n % ${coaches} else 1 end
    join users mentee on mentee.oidc_subject = 'bench-mentee-' || (1 + n % ${mentees})
   order by n;
alter table sessions enable trigger open_holds;

insert into transactions (id, type, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id, session_id,
                          destination_account, expires_at, check_at, stripe_payment_intent_id, stripe_customer_id, description)
  select uuidv7(), 'session_payment', 'payment_intent', price_amount, currency, platform_fee_amount, coach_payout_amount,
         mentee_id, coach_id, id, 'acct_' || replace(coach_id::text, '-', ''), now() + interval '6 hours',
         now() + interval '6 hours', 'pi_' || replace(id::text, '-', ''), 'cus_' || replace(mentee_id::text, '-', ''),
         'Coaching session'
    from sessions where status = 'pending_payment' order by id;
analyze;
