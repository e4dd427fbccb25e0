package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/**
 * A difference that a comparison found, before it is recorded as a finding.
 *
 * @param account {@code platform}, a connected one, or {@code ledger} where our own books contradict themselves
 * @param subject tells it from others of its kind and account; empty where there can be only one
 * @param amount ours less Stripe's; null, like the currency, where it is not about an amount
 * @param stripeId the object to blame, as far as one is
 * @param lookedAt when Stripe was asked about that; null when it was not this time
 */
record Discrepancy(Kind kind, String account, String subject, @Nullable String currency, @Nullable BigDecimal amount,
        @Nullable String stripeId, @Nullable UUID paymentId, Cause cause, @Nullable String details, Instant since,
        @Nullable Instant lookedAt) {

    /** The same discrepancy, with another cause. */
    Discrepancy because(Cause other) {
        return new Discrepancy(kind, account, subject, currency, amount, stripeId, paymentId, other, details, since, lookedAt);
    }

    /** A row with these columns, as the checks select it. */
    static Discrepancy of(ResultSet row) throws SQLException {
        return new Discrepancy(Kind.of(row.getString("kind")), row.getString("account"), row.getString("subject"),
                row.getString("currency"), row.getBigDecimal("amount"), row.getString("stripe_id"),
                row.getObject("transaction_id", UUID.class), Cause.of(row.getString("cause")), row.getString("details"),
                Rows.instant(row, "since"), null);
    }
}
