package io.coachpay.inbox;

import io.coachpay.http.Refused;

/** An event cannot be stored now; Stripe sends it again. */
final class InboxUnavailable extends Refused {

    InboxUnavailable(String detail) {
        super("inbox-unavailable", 503, "Inbox unavailable", detail);
        with("retryAfter", 5);
    }
}
