package io.coachpay.ledger;

import static io.coachpay.ledger.Account.Kind.COACH_AVAILABLE;
import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static io.coachpay.ledger.Account.Kind.EXTERNAL;
import static io.coachpay.ledger.Account.Kind.PLATFORM_REVENUE;
import static io.coachpay.ledger.Account.Kind.REFUND_CLEARING;
import static io.coachpay.ledger.Account.Kind.STRIPE_FEES;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;

/**
 * Every movement of money in the business, on one page: each Stripe fact and the journal it makes.
 * {@code src/docs/money.md} works them through to the cent.
 */
public final class Postings {

    /** The kind of {@link #fundsAvailable}. */
    public static final String FUNDS_AVAILABLE = "funds_available";
    /** The kind of {@link #stripeFee}. */
    public static final String STRIPE_FEE = "stripe_fee";

    private Postings() {
    }

    /**
     * A mentee paid a coach by card: a destination charge with an application fee.
     *
     * @param paymentIntent {@code pi_…}
     * @param amount what the mentee paid
     * @param fee what the platform keeps of it
     * @see <a href="https://docs.stripe.com/connect/destination-charges">Stripe: destination charges</a>
     */
    public static Journal sessionPaid(String paymentIntent, UUID coach, Money amount, Money fee, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(EXTERNAL), amount.negated());
        add(entries, Account.of(COACH_PENDING, coach), amount.minus(fee));
        add(entries, Account.shared(PLATFORM_REVENUE), fee);
        return new Journal("session_paid", paymentIntent, at, entries);
    }

    /**
     * Stripe made a booked amount available to the coach, or took it back from what was.
     *
     * @param balanceTransaction {@code txn_…} of the connected account
     * @param net signed, as Stripe says; not zero
     * @see <a href="https://docs.stripe.com/api/balance_transactions/object">Stripe: balance transactions</a>
     */
    public static Journal fundsAvailable(String balanceTransaction, UUID coach, Money net, Instant at) {
        return new Journal(FUNDS_AVAILABLE, balanceTransaction, at, List.of(
                new Entry(Account.of(COACH_PENDING, coach), net.negated()),
                new Entry(Account.of(COACH_AVAILABLE, coach), net)));
    }

    /**
     * A refund left the platform for the payer.
     *
     * @param refund {@code re_…}
     * @param amount what the payer gets back, positive
     */
    public static Journal refunded(String refund, Money amount, Instant at) {
        return new Journal("refunded", refund, at, List.of(
                new Entry(Account.shared(EXTERNAL), amount),
                new Entry(Account.shared(REFUND_CLEARING), amount.negated())));
    }

    /**
     * A transfer was reversed: the coach's side gave back.
     *
     * @param reversal {@code trr_…}
     * @param amount gross, positive
     * @see <a href="https://docs.stripe.com/api/transfer_reversals">Stripe: transfer reversals</a>
     */
    public static Journal transferReversed(String reversal, UUID coach, Money amount, Instant at) {
        return new Journal("transfer_reversed", reversal, at, List.of(
                new Entry(Account.of(COACH_PENDING, coach), amount.negated()),
                new Entry(Account.shared(REFUND_CLEARING), amount)));
    }

    /**
     * The platform gave a part of its fee back to the coach.
     *
     * @param feeRefund {@code fr_…}
     * @param amount positive
     * @see <a href="https://docs.stripe.com/api/fee_refunds">Stripe: application fee refunds</a>
     */
    public static Journal feeRefunded(String feeRefund, UUID coach, Money amount, Instant at) {
        return new Journal("fee_refunded", feeRefund, at, List.of(
                new Entry(Account.shared(PLATFORM_REVENUE), amount.negated()),
                new Entry(Account.of(COACH_PENDING, coach), amount)));
    }

    /**
     * Stripe charged the platform for its work, or gave that back.
     *
     * @param balanceTransaction {@code txn_…} of the platform
     * @param fee positive when charged
     */
    public static Journal stripeFee(String balanceTransaction, Money fee, Instant at) {
        return new Journal(STRIPE_FEE, balanceTransaction, at, List.of(
                new Entry(Account.shared(STRIPE_FEES), fee.negated()),
                new Entry(Account.shared(EXTERNAL), fee)));
    }

    /** A coach without a fee, or a fee of everything, leaves one of the entries out. */
    private static void add(List<Entry> entries, Account account, Money amount) {
        if (!amount.isZero()) {
            entries.add(new Entry(account, amount));
        }
    }
}
