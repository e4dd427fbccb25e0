package io.coachpay.reporting;

import java.time.Instant;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** One line of an explanation or a statement. */
@Schema(name = "ExplanationLine")
record Line(@Schema(description = "The kind of the line", examples = "session_price") String kind,
        @Nullable @Schema(description = "When it happened; absent on a line that only makes the others add up") Instant at,
        @Schema(description = "Signed: positive when the coach gets it") Money amount,
        @Nullable UUID transactionId, @Nullable UUID sessionId,
        @Nullable @Schema(description = "The object at Stripe behind it", examples = "pi_3PqXGbEcg9tTZuTg0d8vYkRQ") String stripeId,
        @Schema(description = "The kind in words", examples = "Price of a session") String text) {

    /** A line that makes the others add up. */
    static Line rest(LineKind kind, Money amount) {
        return new Line(kind.column(), null, amount, null, null, null, kind.text);
    }
}
