package io.coachpay.reporting;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.http.NotFound;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * Reads the parts of payouts. An item names a line of available money, and that line a balance transaction of the coach's
 * account.
 */
@ApplicationScoped
class PayoutParts {

    private static final String PAYOUT = "select amount, unallocated, currency from payouts where id = ? and user_id = ?";
    /**
     * Each step is a lookup of its own, since the planner, which knows no payout, would read whole tables to join them at once.
     * Lookups are by columns, since row level security lets no expression use an index. A fee that a coach bears has a second
     * balance transaction, on the platform's account.
     */
    private static final String PARTS = """
            select i.entry_id, i.amount, e.amount as line, f.id as journal_id, f.kind, f.reference, f.occurred_at,
                   b.amount as gross, b.fee, b.stripe_balance_transaction_id, t.id as transaction_id, t.session_id,
                   t.stripe_application_fee_id
              from (select entry_id, amount from payout_items
                     where payout_id = ? and entry_id < ? order by entry_id desc limit ?) i
             cross join lateral (select journal_id, amount from ledger_entries where id = i.entry_id offset 0) e
              left join lateral (select amount, fee, stripe_balance_transaction_id, fact_journal_id
                                   from stripe_balance_transactions
                                  where journal_id = e.journal_id and account <> 'platform' offset 0) b on true
             cross join lateral (select coalesce(b.fact_journal_id, e.journal_id) as journal_id offset 0) fact
             cross join lateral (select id, kind, reference, occurred_at, transaction_id from ledger_journals
                                  where id = fact.journal_id offset 0) f
              left join lateral (select id, session_id, stripe_application_fee_id from transactions
                                  where id = f.transaction_id offset 0) t on true
             order by i.entry_id desc""";

    private final Rows rows;

    PayoutParts(DataSource database) {
        this.rows = new Rows(database);
    }

    /**
     * An item of a payout.
     *
     * @param elsewhere the part of the line that is not in this payout
     */
    record Part(UUID entryId, Movement movement, Money elsewhere) {

        Stream<Line> lines() {
            Stream<Line> split = elsewhere.isZero() ? Stream.of()
                    : Stream.of(new Line(LineKind.OTHER_PAYOUTS.column(), movement.at(), elsewhere.negated(),
                            movement.transactionId(), movement.sessionId(), movement.stripeId(), LineKind.OTHER_PAYOUTS.text));
            return Stream.concat(movement.lines(), split);
        }
    }

    /**
     * A payout as a whole.
     *
     * @param unallocated the part that has no line yet
     */
    record Whole(Money amount, Money unallocated) {
    }

    /** @throws NotFound for a payout that is not this coach's (404) */
    @Transactional(TxType.MANDATORY)
    Whole whole(UUID payoutId, UUID coachId) {
        return rows.query(PAYOUT, PayoutParts::whole, payoutId, coachId).stream().findFirst()
                .orElseThrow(() -> new NotFound("payout"));
    }

    private static Whole whole(ResultSet row) throws SQLException {
        StripeCurrency currency = StripeCurrencies.of(row.getString("currency"));
        return new Whole(currency.of(row.getBigDecimal("amount")), currency.of(row.getBigDecimal("unallocated")));
    }

    /** The payout's items before one, newest first. */
    @Transactional(TxType.MANDATORY)
    List<Part> of(UUID payoutId, CurrencyUnit unit, UUID before, int most) {
        StripeCurrency currency = StripeCurrencies.of(unit);
        return rows.query(PARTS, row -> part(row, currency), payoutId, before, most);
    }

    private static Part part(ResultSet row, StripeCurrency currency) throws SQLException {
        Money line = currency.of(row.getBigDecimal("line"));
        @Nullable
        BigDecimal gross = row.getBigDecimal("gross");
        Money whole = gross == null ? line : currency.of(gross);
        String feeStripeId = whole.isPositive() ? row.getString("stripe_application_fee_id")
                : row.getString("stripe_balance_transaction_id");
        Movement movement = new Movement(row.getObject("journal_id", UUID.class), LineKind.ofJournal(row.getString("kind")),
                row.getString("reference"), Rows.instant(row, "occurred_at"), whole, whole.minus(line), feeStripeId,
                row.getObject("transaction_id", UUID.class), row.getObject("session_id", UUID.class));
        return new Part(row.getObject("entry_id", UUID.class), movement,
                line.minus(currency.of(row.getBigDecimal("amount"))));
    }
}
