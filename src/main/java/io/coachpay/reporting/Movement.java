package io.coachpay.reporting;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The effect of one booked fact on a coach's money.
 *
 * @param journalId the fact's
 * @param stripeId the object that reported it
 * @param at when it happened
 * @param gross what went to the coach or was taken back, before the platform's part
 * @param fee the platform's part of it, signed like it
 * @param feeStripeId the object that reports that part
 */
record Movement(UUID journalId, LineKind kind, String stripeId, Instant at, Money gross, Money fee,
        @Nullable String feeStripeId,
        @Nullable UUID transactionId, @Nullable UUID sessionId) {

    Money net() {
        return gross.minus(fee);
    }

    /** One line for the fact, and one for the platform's part where it had one. */
    Stream<Line> lines() {
        Line whole = line(kind, gross, stripeId);
        if (fee.isZero()) {
            return Stream.of(whole);
        }
        LineKind part = fee.isPositive() ? LineKind.PLATFORM_FEE : LineKind.FEE_REFUND;
        return Stream.of(whole, line(part, fee.negated(), feeStripeId));
    }

    private Line line(LineKind which, Money amount, @Nullable String stripe) {
        return new Line(which.column(), at, amount, transactionId, sessionId, stripe, which.text);
    }
}
