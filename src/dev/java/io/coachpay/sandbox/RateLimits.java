package io.coachpay.sandbox;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Limits of the requests in each second of the wall clock, all together and to one endpoint. There is no limit unless
 * {@code PUT /sandbox/limits} sets one, which GET shows and DELETE lifts. Stripe's own are
 * {@code {"perSecond": 100, "perEndpoint": 25}}.
 *
 * @see <a href="https://docs.stripe.com/rate-limits">Stripe: rate limits</a>
 */
final class RateLimits {

    private static final int STRIPES = 100;
    private static final int STRIPES_OF_AN_ENDPOINT = 25;

    private final LongSupplier seconds;
    private final Map<Object, Integer> asked = new HashMap<>();
    private @Nullable JsonObject limits;
    private int perSecond;
    private int perEndpoint;
    private long second;
    private int all;
    private long refused;

    /** @param seconds the wall clock's */
    RateLimits(LongSupplier seconds) {
        this.seconds = seconds;
    }

    /** @param wanted null for no limits */
    void replace(@Nullable JsonObject wanted) {
        if (wanted != null) {
            wanted.fieldNames().stream().filter(name -> !Set.of("perSecond", "perEndpoint").contains(name)).findFirst()
                    .ifPresent(name -> {
                        throw StripeError.unknown(name);
                    });
            perSecond = wanted.getInteger("perSecond", STRIPES);
            perEndpoint = wanted.getInteger("perEndpoint", STRIPES_OF_AN_ENDPOINT);
        }
        limits = wanted;
        refused = 0;
    }

    JsonObject show() {
        return limits == null ? new JsonObject()
                : Json.object("perSecond", perSecond, "perEndpoint", perEndpoint, "refused", refused);
    }

    /** Refuses a request above a limit; nothing of it is executed or stored. */
    void admit(Object endpoint) {
        if (limits == null) {
            return;
        }
        long now = seconds.getAsLong();
        if (now != second) {
            second = now;
            all = 0;
            asked.clear();
        }
        if (++all > perSecond) {
            throw refusal("global-rate");
        }
        if (asked.merge(endpoint, 1, Integer::sum) > perEndpoint) {
            throw refusal("endpoint-rate");
        }
    }

    private StripeError refusal(String reason) {
        refused++;
        return StripeError.status(429, "invalid_request_error", "rate_limit",
                "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.")
                .withHeader("Stripe-Rate-Limited-Reason", reason);
    }
}
