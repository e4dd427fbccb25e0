package io.coachpay.subscription;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The one act for which the billing portal is visited. */
enum PortalFlow {
    PAYMENT_METHOD("payment_method_update"),
    CANCEL("subscription_cancel"),
    CHANGE("subscription_update");

    private final String stripes;

    PortalFlow(String stripes) {
        this.stripes = stripes;
    }

    static Optional<PortalFlow> of(String word) {
        return Arrays.stream(values()).filter(flow -> flow.name().toLowerCase(Locale.ROOT).equals(word)).findFirst();
    }

    /** Stripe's word for it. */
    String stripes() {
        return stripes;
    }
}
