package io.coachpay.stripe;

import java.net.URI;

import jakarta.ws.rs.ext.Provider;

import io.coachpay.http.Refused;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/**
 * Answers a failure at Stripe that has no better name: 503 to send the request again, 502 where that would not help. Passes on
 * nothing of Stripe's own wording.
 */
@Provider
class StripeRefusedMapper extends ExceptionMapperBase<StripeRefused> {

    private static final String AGAIN = "5";

    @Override
    protected HttpProblem toProblem(StripeRefused refused) {
        boolean passing = refused instanceof StripeAway || refused instanceof StripeRefused.RateLimited
                || refused instanceof StripeRefused.KeyInUse;
        HttpProblem.Builder problem = HttpProblem.builder()
                .withType(URI.create(Refused.URN + (passing ? "stripe-away" : "stripe-refused")))
                .withTitle(passing ? "Stripe is away" : "Stripe refused")
                .withStatus(passing ? 503 : 502)
                .withDetail(passing ? "Stripe does not answer at the moment. Nothing is lost: send the same request again"
                        : "Stripe refused the request; sending it again will not help")
                .with("retry", passing);
        return passing ? problem.withHeader("Retry-After", AGAIN).build() : problem.build();
    }
}
