package io.coachpay.reconciliation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;

import io.coachpay.access.Rows;
import io.coachpay.money.StripeCurrencies;

/** One of Stripe's balance transactions that an administrator had booked as Stripe has it. */
@Schema(name = "Adjustment")
public record Adjustment(UUID id, UUID findingId,
        @Schema(description = "`platform` or a connected account", examples = "acct_1Nv0FGQ9RKHgCVdK") String account,
        @Schema(description = "The balance transaction", examples = "txn_1Q0PsIJvEtkwdCNY") String stripeId,
        @Schema(description = "Its net, signed, after Stripe's fee") Money amount,
        @Schema(examples = "Goodwill for the session of 3 May") String reason,
        @Schema(description = "The administrator") UUID bookedBy, Instant bookedAt) {

    static Adjustment of(ResultSet row) throws SQLException {
        return new Adjustment(row.getObject("id", UUID.class), row.getObject("finding_id", UUID.class),
                row.getString("account"), row.getString("stripe_balance_transaction_id"),
                StripeCurrencies.of(row.getString("currency")).of(row.getBigDecimal("net")), row.getString("reason"),
                row.getObject("booked_by", UUID.class), Rows.instant(row, "created_at"));
    }
}
