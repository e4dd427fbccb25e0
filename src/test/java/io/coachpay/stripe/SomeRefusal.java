package io.coachpay.stripe;

import java.time.Duration;

/** Stripe's refusals, as the calls name them, for tests of code that must bear them. */
public final class SomeRefusal {

    private SomeRefusal() {
    }

    /** A 5xx. */
    public static StripeAway failed(boolean stored) {
        return new StripeAway(reason(500, null), true, stored);
    }

    /** No connection. */
    public static StripeAway unreachable() {
        return new StripeAway(reason(0, null), false, false);
    }

    public static StripeRefused keyReused() {
        return new StripeRefused.KeyReused(reason(400, null));
    }

    public static StripeRefused keyInUse() {
        return new StripeRefused.KeyInUse(reason(409, null));
    }

    public static StripeRefused rateLimited() {
        return rateLimited(Duration.ofSeconds(1));
    }

    /** A refusal for which Stripe says how long to wait. */
    public static StripeRefused rateLimited(Duration pause) {
        return new StripeRefused.RateLimited(reason(429, "rate_limit"), pause);
    }

    public static StripeRefused unexpectedState() {
        return new StripeRefused.UnexpectedState(reason(400, "payment_intent_unexpected_state"), null);
    }

    private static StripeRefused.Reason reason(int status, String code) {
        return new StripeRefused.Reason("things.do", status, code, "req_some", "Refused");
    }
}
