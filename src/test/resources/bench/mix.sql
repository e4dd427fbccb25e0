-- Bookings whose payers are on Stripe's page: each by a mentee of its own, who has just become a customer there. Customer and
-- payment share their id, so that all of Stripe's ids follow from it.
insert into users (id, oidc_subject, name)
  select uuidv7(), 'mix-coach-' || n, 'Coach ' || n from generate_series(1, cardinality('{${accounts}}'::text[])) as n;
insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout)
  select uuidv7(), id, 100, 'USD', 100 from users where oidc_subject like 'mix-coach-%';
insert into stripe_connected_accounts (id, user_id, stripe_account_id, payouts_enabled, details_submitted, charges_enabled,
                                       transfers_enabled, payouts_manual, country, default_currency, settled_currencies,
                                       requires_onboarding, business_type)
  select uuidv7(), id, ('{${accounts}}'::text[])[substr(oidc_subject, length('mix-coach-') + 1)::int], true, true, true, true, true,
         'US', 'USD', '{USD}', false, 'individual'
    from users where oidc_subject like 'mix-coach-%';
insert into users (id, oidc_subject, name)
  select uuidv7(), 'mix-mentee-' || n, 'Mentee ' || n from generate_series(1, ${payments}) as n;

insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, price_amount, currency, platform_fee_amount,
                      coach_payout_amount, payment_status, hold_expires_at, hourly_rate, platform_fee_percentage)
  select uuidv7(), mentee.id, coach.id, now() + interval '1 day' + n * interval '1 hour',
         now() + interval '1 day' + n * interval '1 hour' + interval '30 minutes',
         10 * (1 + n % 50), 'USD', 2 * (1 + n % 50), 8 * (1 + n % 50), 'pending', now() + interval '6 hours', 100, 20
    from generate_series(1, ${payments}) as n
    join users coach on coach.oidc_subject = 'mix-coach-' || (1 + n % cardinality('{${accounts}}'::text[]))
    join users mentee on mentee.oidc_subject = 'mix-mentee-' || n
   order by n;
insert into transactions (id, type, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id, session_id,
                          destination_account, expires_at, check_at, description)
  select uuidv7(), 'session_payment', 'checkout', s.price_amount, s.currency, s.platform_fee_amount, s.coach_payout_amount,
         s.mentee_id, s.coach_id, s.id, a.stripe_account_id, now() + interval '6 hours', now() + interval '6 hours',
         'Coaching session'
    from sessions s join stripe_connected_accounts a on a.user_id = s.coach_id order by s.id;
update transactions set stripe_checkout_session_id = 'cs_test_' || replace(id::text, '-', ''),
                        stripe_customer_id = 'cus_' || replace(id::text, '-', '')
 where method = 'checkout';
insert into stripe_customers (id, user_id, customer_email, customer_name)
  select id, payer_id, 'mentee.' || replace(id::text, '-', '') || '@example.com', 'A Mentee' from transactions where method = 'checkout';
insert into checkout_sessions (id, stripe_session_id, mode, status, user_id, session_id, transaction_id, success_url, cancel_url,
                               expires_at)
  select uuidv7(), stripe_checkout_session_id, 'payment', 'open', payer_id, session_id, id, 'https://coaching.example/done',
         'https://coaching.example/back', expires_at
    from transactions where method = 'checkout';
analyze;
