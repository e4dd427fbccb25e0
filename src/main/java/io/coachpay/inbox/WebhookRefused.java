package io.coachpay.inbox;

import io.coachpay.http.Refused;

/** A request at a webhook endpoint that is not an event of Stripe's for this service. Nothing of it is stored. */
final class WebhookRefused extends Refused {

    private final Reason reason;

    WebhookRefused(Reason reason, String detail) {
        super("webhook-refused", 400, "Not an event for this service", detail);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** The reason, in one word, which is the metric's label. */
    enum Reason {
        UNSIGNED,
        MALFORMED_SIGNATURE,
        WRONG_SIGNATURE,
        OUT_OF_TIME,
        MALFORMED_EVENT,
        WRONG_ENDPOINT,
        WRONG_MODE
    }
}
