package io.coachpay.reporting;

import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;

/** A coach's month in one currency. Opening balance + sums = closing balance, which is the next month's opening balance. */
@Schema(name = "Statement")
record Statement(@Schema(examples = "2030-05") String month, @Schema(examples = "USD") String currency,
        @Schema(description = "Where the month begins and ends", examples = "Europe/Berlin", implementation = String.class) ZoneId timeZone,
        Instant from, @Schema(description = "The end, which does not belong to it") Instant to,
        @Schema(description = "Pending and available at the beginning") Money openingBalance,
        @Schema(description = "Prices of sessions") Money sessions, @Schema(description = "The platform's fees") Money fees,
        @Schema(description = "What went back, fees that came back taken off") Money refunds,
        @Schema(description = "What was taken back for disputes, and given back") Money disputes,
        @Schema(description = "What left for the bank, failed payouts taken off, and the fees of instant ones") Money payouts,
        @Schema(description = "Anything else") Money other,
        @Schema(description = "Pending and available at the end, or by now") Money closingBalance,
        @Schema(description = "Oldest first") List<Line> lines) {

    Statement {
        Money sum = Money.total(openingBalance, sessions, fees, refunds, disputes, payouts, other);
        if (!sum.isEqual(closingBalance)) {
            throw new IllegalStateException("The sums make up " + sum + " and not " + closingBalance);
        }
    }

    static Statement of(Month month, Money openingBalance, Money closingBalance, List<Line> lines) {
        Map<LineKind.Sum, Money> sums = new EnumMap<>(LineKind.Sum.class);
        for (LineKind.Sum sum : LineKind.Sum.values()) {
            sums.put(sum, Money.zero(openingBalance.getCurrencyUnit()));
        }
        lines.forEach(line -> sums.merge(LineKind.of(line).sum, line.amount(), Money::plus));
        return new Statement(month.name(), openingBalance.getCurrencyUnit().getCode(), month.zone(), month.from(), month.to(),
                openingBalance, sum(sums, LineKind.Sum.SESSIONS), sum(sums, LineKind.Sum.FEES),
                sum(sums, LineKind.Sum.REFUNDS), sum(sums, LineKind.Sum.DISPUTES), sum(sums, LineKind.Sum.PAYOUTS),
                sum(sums, LineKind.Sum.OTHER), closingBalance, lines);
    }

    private static Money sum(Map<LineKind.Sum, Money> sums, LineKind.Sum which) {
        return Objects.requireNonNull(sums.get(which), "Every sum begins with nothing");
    }
}
