package io.coachpay.reconciliation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.balance.BalanceTransactions;
import io.coachpay.balance.Fact;
import io.coachpay.balance.LineMatching;
import io.coachpay.http.NotFound;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import io.coachpay.stripe.StripeRefused;

/**
 * Books by hand what no rule books: one of Stripe's balance transactions, unchanged, because an administrator says so and why.
 * A line of a fact of ours is left to that fact, and the database refuses the second of the two.
 */
@ApplicationScoped
class Adjustments {

    /** Stripe was asked about these, and has nothing that any handler here would apply. */
    private static final Set<Cause> SETTLED = EnumSet.of(Cause.DASHBOARD_ACTION, Cause.FOREIGN, Cause.UNKNOWN);

    /** A line that looks like a coach's fee may be one whose answer was lost: then it books itself soon. */
    private static final String ASKED = """
            select f.kind, f.cause, f.resolved_at, f.account, f.stripe_id, b.id, b.source, b.amount, b.fee, b.currency, b.created,
                   b.fact_journal_id, known.fact, c.user_id, known.fact in ('PAYMENT', 'ACCOUNT_DEBIT') and exists (
                   select from payouts p where p.fee > 0 and p.stripe_fee_transfer_id is null and p.fee_refusal is null
                      and p.fee = abs(b.amount) and p.currency = b.currency) as fee_due
              from reconciliation_findings f
              left join stripe_balance_transactions b
                on b.account = f.account and b.stripe_balance_transaction_id = f.stripe_id
              left join %s as known (side, type, fact) on known.type = b.type
               and known.side = case b.account when 'platform' then 'platform' else 'connected' end
              left join stripe_connected_accounts c on c.stripe_account_id = b.account or c.replaced_accounts @> array[b.account]
             where f.id = ?"""
            .formatted(Fact.ROWS);
    private static final String FIND = """
            select a.*, b.account, b.stripe_balance_transaction_id, b.currency, b.net
              from adjustments a join stripe_balance_transactions b on b.id = a.balance_transaction_id
             where a.finding_id = ?""";
    /** The lock of the ledger, before any other: a fact is booked either before or after it is held. */
    private static final String HOLD = "select id from coach_profiles where user_id = ? for no key update";
    /** Waits for facts that are being posted, half a second at most, and makes later ones wait. */
    private static final String ALONE = "select adjusts_alone() as alone";
    private static final int MOST_TRIES = 20;
    private static final String KNOWN = "select known_source(?) or ? and awaits_transfer(?) as known";
    /** Reversals in progress on an account, or possibly done already. */
    private static final String GOES_BACK = """
            select exists (select from refunds r join transactions t on t.id = r.transaction_id
                            where t.destination_account = ? and r.check_at is not null)
                or exists (select from transfer_steps s join transactions t on t.id = s.transaction_id
                            where t.destination_account = ? and s.status in ('requested', 'waiting_for_funds')) as so""";
    private static final String WRITE = """
            insert into adjustments (id, balance_transaction_id, journal_id, finding_id, source, reason, booked_by)
            values (?, ?, ?, ?, ?, ?, ?)""";

    private final Access access;
    private final MissedObjects look;
    private final LineMatching matching;
    private final Ledger ledger;
    private final Rows rows;

    Adjustments(Access access, MissedObjects look, LineMatching matching, Ledger ledger, DataSource database) {
        this.access = access;
        this.look = look;
        this.matching = matching;
        this.ledger = ledger;
        this.rows = new Rows(database);
    }

    /** The balance transaction that a finding is about, and the obstacles to booking it. */
    private record Asked(UUID line, String transaction, String account, @Nullable Fact fact, Cause cause,
            @Nullable String source, Money amount, Money fee, Instant created, @Nullable UUID coachId) {

        static Asked of(ResultSet row) throws SQLException {
            Kind kind = Kind.of(row.getString("kind"));
            UUID line = row.getObject("id", UUID.class);
            String transaction = row.getString("stripe_id");
            if (line == null || kind != Kind.UNBOOKED && kind != Kind.UNKNOWN_TYPE) {
                throw new AdjustmentRefused.NoLine(kind);
            }
            if (row.getObject("resolved_at") != null) {
                throw new AdjustmentRefused.Closed();
            }
            if (row.getObject("fact_journal_id") != null || row.getBoolean("fee_due")) {
                throw new AdjustmentRefused.Expected(transaction);
            }
            StripeCurrency currency = StripeCurrencies.of(row.getString("currency"));
            String fact = row.getString("fact");
            return new Asked(line, transaction, row.getString("account"), fact == null ? null : Fact.valueOf(fact),
                    Cause.of(row.getString("cause")), fact == null ? null : row.getString("source"),
                    currency.of(row.getBigDecimal("amount")), currency.of(row.getBigDecimal("fee")),
                    Rows.instant(row, "created"), row.getObject("user_id", UUID.class));
        }

        /** Payouts are always mirrored, by hand or not, and so is what a rule books. */
        boolean isExpected() {
            return fact != null && (!SETTLED.contains(cause) || !fact.isBookedByHand())
                    || coachId == null && !account.equals(BalanceTransactions.PLATFORM);
        }

        Journal journal() {
            return coachId == null ? Postings.platformAdjusted(transaction, amount, fee, created)
                    : Postings.adjusted(transaction, coachId, amount.minus(fee), created);
        }
    }

    /**
     * Books the balance transaction of an open finding as Stripe has it; a repeated call returns what was booked. No database
     * transaction may be open.
     *
     * @throws NotFound when there is no such finding (404)
     * @throws AdjustmentRefused when there is nothing to book, or its fact is booked by itself (409)
     * @throws StripeRefused when Stripe cannot be asked about it (503, 502)
     */
    Adjustment book(UUID finding, String reason, UUID administrator) {
        Optional<Adjustment> before = access.asService(() -> find(finding));
        if (before.isPresent()) {
            return before.get();
        }
        Asked asked;
        try {
            asked = access.asService(() -> asked(finding));
        } catch (AdjustmentRefused.Expected booked) {
            // Perhaps by another request, since we looked.
            return access.asService(() -> find(finding)).orElseThrow(() -> booked);
        }
        if (asked.isExpected() || asked.fact() != null && isOurs(asked)) {
            throw new AdjustmentRefused.Expected(asked.transaction());
        }
        for (int tried = 0; tried < MOST_TRIES; tried++) {
            Optional<Adjustment> booked = access.asService(() -> alone(asked) ? Optional.of(find(finding)
                    .orElseGet(() -> write(finding, asked(finding), reason, administrator))) : Optional.empty());
            if (booked.isPresent()) {
                return booked.get();
            }
        }
        throw new AdjustmentRefused.Busy(asked.transaction());
    }

    /** Keeps others from booking this coach's facts, and then any fact; false when somebody may be waiting for us. */
    private boolean alone(Asked asked) {
        if (asked.coachId() != null) {
            rows.query(HOLD, row -> true, asked.coachId());
        }
        return rows.query(ALONE, row -> row.getBoolean("alone")).get(0);
    }

    /** Hands the object as it is at Stripe now to its handlers; then there is a fact, if there is to be one. */
    private boolean isOurs(Asked asked) {
        try {
            String account = asked.account().equals(BalanceTransactions.PLATFORM) ? null : asked.account();
            boolean ours = look.at(account, asked.transaction()).ours();
            matching.match(asked.line());
            return ours;
        } catch (StripeRefused.NotPermitted disconnected) {
            // Stripe reports nothing about a disconnected account; our own rows say what went back from there.
            return asked.fact() != null && asked.fact().goesBackFromCoach() && access.asService(() -> rows
                    .query(GOES_BACK, row -> row.getBoolean("so"), asked.account(), asked.account()).get(0));
        }
    }

    private Adjustment write(UUID finding, Asked asked, String reason, UUID administrator) {
        if (asked.source() != null && rows.query(KNOWN, row -> row.getBoolean("known"), asked.source(),
                asked.fact() == Fact.DESTINATION_PAYMENT, asked.account()).get(0)) {
            throw new AdjustmentRefused.Expected(asked.transaction());
        }
        Journal journal = asked.journal();
        ledger.post(journal);
        boolean waits = asked.coachId() != null;
        matching.booked(asked.line(), journal.id(), waits);
        rows.update(WRITE, Ids.next(), asked.line(), journal.id(), finding, asked.source(), reason, administrator);
        return find(finding).orElseThrow();
    }

    private Asked asked(UUID finding) {
        return rows.query(ASKED, Asked::of, finding).stream().findFirst().orElseThrow(() -> new NotFound("finding"));
    }

    private Optional<Adjustment> find(UUID finding) {
        return rows.query(FIND, Adjustment::of, finding).stream().findFirst();
    }
}
