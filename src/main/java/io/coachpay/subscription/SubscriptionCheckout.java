package io.coachpay.subscription;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.HoldsSecret;

/**
 * A subscription that waits to begin on Stripe's page.
 *
 * @param checkoutUrl Stripe's page, while it is open
 * @param expiresAt when it ends
 */
@Schema(name = "SubscriptionCheckout")
public record SubscriptionCheckout(UUID subscriptionId, @Nullable String checkoutUrl, Instant expiresAt)
        implements
            HoldsSecret {

    static SubscriptionCheckout of(Subscription row, @Nullable String checkoutUrl) {
        return new SubscriptionCheckout(row.id(), checkoutUrl,
                Objects.requireNonNull(row.page().expiresAt(), "It begins on a page"));
    }

    @Override
    public SubscriptionCheckout withoutSecrets() {
        return new SubscriptionCheckout(subscriptionId, null, expiresAt);
    }

    @Override
    public String toString() {
        return "SubscriptionCheckout[" + subscriptionId + "]";
    }
}
