package io.coachpay.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** The pages a person sees at Stripe: Checkout, onboarding, the bank's challenge. */
final class Pages {

    Pages(World world) {
    }

    Answer serve(HttpServerRequest request, Buffer body) {
        return Answer.html(404, "Not found");
    }
}
