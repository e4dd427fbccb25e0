package io.coachpay.balance;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * A mirrored balance transaction and its fact.
 *
 * @param id our row's
 * @param transaction {@code txn_…}
 * @param fact the fact's journal; null where the balance transaction alone reports it
 * @param paymentId our payment that it belongs to; null where it belongs to none
 * @param agreed the currency of that payment; null where there is none
 * @param coachId the account's coach; null for the platform's
 */
record MatchedLine(UUID id, String transaction, Fact kind, @Nullable UUID fact, @Nullable UUID paymentId,
        @Nullable String agreed, @Nullable UUID coachId, Money amount, Money fee, Instant created) {

    static MatchedLine of(ResultSet row) throws SQLException {
        StripeCurrency currency = StripeCurrencies.of(row.getString("currency"));
        return new MatchedLine(row.getObject("id", UUID.class), row.getString("stripe_balance_transaction_id"),
                Fact.valueOf(row.getString("fact")), row.getObject("journal_id", UUID.class),
                row.getObject("transaction_id", UUID.class), row.getString("agreed"), row.getObject("user_id", UUID.class),
                currency.of(row.getBigDecimal("amount")), currency.of(row.getBigDecimal("fee")),
                Rows.instant(row, "created"));
    }

    /** Whether Stripe settled it in another currency than its payment's. */
    boolean isConverted() {
        return agreed != null && !agreed.equals(amount.getCurrencyUnit().getCode());
    }

    /** Whether work on it remains for a later day. */
    boolean waits() {
        return kind.becomesAvailable() && !net().isZero();
    }

    /** Journals for the platform's books that only this line reports. */
    List<Journal> ownJournals() {
        return switch (kind) {
            case STRIPE_FEE -> fee(net().negated());
            case PLATFORM_BANK -> Stream.concat(bank().stream(), fee(fee).stream()).toList();
            case PAYMENT, TRANSFER, APPLICATION_FEE, REFUND, REFUND_FAILURE, REVERSAL, FEE_REFUND -> fee(fee);
            case PLATFORM_DEBT_CLEARING -> List.of(Postings.platformAdjusted(transaction, amount, fee, created));
            case DEBT_CLEARING -> cleared();
            // A dispute's fee is booked with it, and what a coach's account pays to the platform is the platform's fee.
            case DISPUTE, DESTINATION_PAYMENT, DESTINATION_REFUND, DESTINATION_FEE_REFUND, ACCOUNT_DEBIT, PAYOUT,
                    PAYOUT_FAILURE, RESERVE ->
                List.of();
        };
    }

    private Money net() {
        return amount.minus(fee);
    }

    private List<Journal> bank() {
        return amount.isZero() ? List.of() : List.of(Postings.platformBank(transaction, amount, created));
    }

    private List<Journal> cleared() {
        return coachId == null || net().isZero() ? List.of()
                : List.of(Postings.adjusted(transaction, coachId, net(), created));
    }

    private List<Journal> fee(Money charged) {
        if (charged.isZero()) {
            return List.of();
        }
        Journal journal = Postings.stripeFee(transaction, charged, created);
        return List.of(paymentId == null ? journal : journal.of(paymentId));
    }
}
