package io.coachpay.reconciliation;

import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.money.StripeCurrencies;

/** Something that differs between our books and Stripe's, or did. */
@Schema(name = "Finding")
public record Finding(UUID id,
        @Schema(description = "`platform`, a connected account, or `ledger` where our own books are at odds with themselves", examples = "acct_1Nv0FGQ9RKHgCVdK") String account,
        @Schema(description = "The comparison that found it", examples = "unbooked") Kind kind,
        @Schema(examples = "USD") @Nullable String currency,
        @Schema(description = "Ours less Stripe's; absent where it is not about an amount") @Nullable Money amount,
        Cause cause,
        @Schema(description = "Since when it differs, as far as is known") Instant since,
        @Schema(description = "The object at Stripe to blame, where there is one", examples = "txn_1Q0PsIJvEtkwdCNY") @Nullable String stripeId,
        @Schema(description = "Our payment that it belongs to, where it belongs to one") @Nullable UUID transactionId,
        @Schema(description = "Further details", examples = "adjustment") @Nullable String details,
        @Schema(description = "When it no longer differed") @Nullable Instant resolvedAt,
        @Schema(description = "An administrator's note") @Nullable String note) {

    static Finding of(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        return new Finding(row.getObject("id", UUID.class), row.getString("account"), Kind.of(row.getString("kind")), currency,
                // Credits have digits that no currency has: the remainder is shown, not rounded away.
                currency == null ? null
                        : Money.of(StripeCurrencies.of(currency).unit(), row.getBigDecimal("amount"), RoundingMode.UP),
                Cause.of(row.getString("cause")), Rows.instant(row, "since"), row.getString("stripe_id"),
                row.getObject("transaction_id", UUID.class), row.getString("details"), Rows.instantOrNull(row, "resolved_at"),
                row.getString("note"));
    }
}
