package io.coachpay.ledger;

import static io.coachpay.ledger.Account.Kind.COACH_AVAILABLE;
import static io.coachpay.ledger.Account.Kind.COACH_IN_TRANSIT;
import static io.coachpay.ledger.Account.Kind.COACH_PAID_OUT;
import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static io.coachpay.ledger.Account.Kind.DISPUTE_LOSSES;
import static io.coachpay.ledger.Account.Kind.EXTERNAL;
import static io.coachpay.ledger.Account.Kind.FX;
import static io.coachpay.ledger.Account.Kind.PLATFORM_ADJUSTMENTS;
import static io.coachpay.ledger.Account.Kind.PLATFORM_BANK;
import static io.coachpay.ledger.Account.Kind.PLATFORM_REVENUE;
import static io.coachpay.ledger.Account.Kind.REFUND_CLEARING;
import static io.coachpay.ledger.Account.Kind.STRIPE_FEES;
import static io.coachpay.ledger.Account.Kind.TAX_PAYABLE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;

/**
 * Every movement of money in the business, on one page: each Stripe fact and the journal it makes. {@code src/docs/money.md}
 * works them through to the cent.
 */
public final class Postings {

    /** The kind of {@link #paymentHeld} and {@link #paymentHeldAlone}. */
    public static final String PAYMENT_HELD = "payment_held";
    /** The kind of {@link #fundsAvailable}. */
    public static final String FUNDS_AVAILABLE = "funds_available";
    /** The kind of {@link #stripeFee}. */
    public static final String STRIPE_FEE = "stripe_fee";
    /** The kind of {@link #platformBank}. */
    public static final String PLATFORM_BANK_MOVED = "platform_bank";
    /** The kind of {@link #disputeFunds}. */
    public static final String DISPUTE_FUNDS = "dispute_funds";
    /** The kind of {@link #converted}. */
    public static final String CONVERTED = "converted";
    /** The kind of {@link #adjusted} and {@link #platformAdjusted}. */
    public static final String ADJUSTED = "adjusted";

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
     * A mentee's payment is not the one agreed. It is booked as Stripe took and divided it, and nobody earns it: it buys
     * nothing and is to be refunded.
     *
     * @param paymentIntent {@code pi_…}
     * @param amount what the mentee paid
     * @param fee what Stripe left of it with the platform
     */
    public static Journal paymentHeld(String paymentIntent, UUID coach, Money amount, Money fee, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(EXTERNAL), amount.negated());
        add(entries, Account.of(COACH_PENDING, coach), amount.minus(fee));
        add(entries, Account.shared(PLATFORM_REVENUE), fee);
        return new Journal(PAYMENT_HELD, paymentIntent, at, entries);
    }

    /**
     * A mentee's payment is not the one agreed, and the coach's account got nothing of it. All of it stays with the platform;
     * money that Stripe sent to another account is not ours to book.
     *
     * @param fee what the platform got beside the amount
     */
    public static Journal paymentHeldAlone(String paymentIntent, Money amount, Money fee, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(EXTERNAL), amount.plus(fee).negated());
        add(entries, Account.shared(PLATFORM_REVENUE), fee);
        add(entries, Account.shared(REFUND_CLEARING), amount);
        return new Journal(PAYMENT_HELD, paymentIntent, at, entries);
    }

    /**
     * Stripe made a booked amount available to the coach, or took it back from the available balance.
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

    /**
     * A refund failed after all: Stripe gives the amount back to the platform alone.
     *
     * @param refund {@code re_…}
     * @param amount positive
     * @see <a href="https://docs.stripe.com/refunds#failed-refunds">Stripe: failed refunds</a>
     */
    public static Journal refundFailed(String refund, Money amount, Instant at) {
        return new Journal("refund_failed", refund, at, List.of(
                new Entry(Account.shared(EXTERNAL), amount.negated()),
                new Entry(Account.shared(REFUND_CLEARING), amount)));
    }

    /**
     * The coach got back what a failed refund had taken, by a transfer of its own.
     *
     * @param transfer {@code tr_…}
     * @param amount positive
     */
    public static Journal refundRepaid(String transfer, UUID coach, Money amount, Instant at) {
        return new Journal("refund_repaid", transfer, at, List.of(
                new Entry(Account.shared(REFUND_CLEARING), amount.negated()),
                new Entry(Account.of(COACH_PENDING, coach), amount)));
    }

    /**
     * The platform keeps a fee that it had given back for a refund that failed.
     *
     * @param refund {@code re_…}
     * @param fee positive
     */
    public static Journal feeRegained(String refund, Money fee, Instant at) {
        return new Journal("fee_regained", refund, at, List.of(
                new Entry(Account.shared(REFUND_CLEARING), fee.negated()),
                new Entry(Account.shared(PLATFORM_REVENUE), fee)));
    }

    /**
     * The platform gives up a fee that it had regained: the transfer that repaid the coach was reversed for another refund.
     *
     * @param refund {@code re_…} of that other one
     * @param fee positive
     */
    public static Journal feeForgone(String refund, Money fee, Instant at) {
        return new Journal("fee_forgone", refund, at, List.of(
                new Entry(Account.shared(PLATFORM_REVENUE), fee.negated()),
                new Entry(Account.shared(REFUND_CLEARING), fee)));
    }

    /**
     * Stripe took disputed money from the platform, or gave it back, with or without its fee.
     *
     * @param balanceTransaction {@code txn_…} of the platform
     * @param amount signed, as Stripe says: negative when taken
     * @param fee positive when charged, negative when given back
     * @see <a href="https://docs.stripe.com/disputes/how-disputes-work">Stripe: how disputes work</a>
     */
    public static Journal disputeFunds(String balanceTransaction, Money amount, Money fee, Instant at) {
        return new Journal(DISPUTE_FUNDS, balanceTransaction, at, platformLine(DISPUTE_LOSSES, amount, fee));
    }

    /**
     * The coach bears their share of a disputed payment: this much of its transfer was reversed.
     *
     * @param reversal {@code trr_…}
     * @param amount positive
     */
    public static Journal disputeRecovered(String reversal, UUID coach, Money amount, Instant at) {
        return new Journal("dispute_recovered", reversal, at, List.of(
                new Entry(Account.of(COACH_PENDING, coach), amount.negated()),
                new Entry(Account.shared(DISPUTE_LOSSES), amount)));
    }

    /**
     * The dispute was won, and the coach got their share back, by a transfer of its own.
     *
     * @param transfer {@code tr_…}
     * @param amount positive
     */
    public static Journal disputeRepaid(String transfer, UUID coach, Money amount, Instant at) {
        return new Journal("dispute_repaid", transfer, at, List.of(
                new Entry(Account.shared(DISPUTE_LOSSES), amount.negated()),
                new Entry(Account.of(COACH_PENDING, coach), amount)));
    }

    /**
     * A payout to the coach's bank was created.
     *
     * @param payout {@code po_…}
     * @param amount signed; negative where Stripe fetches money from the coach's bank
     * @see <a href="https://docs.stripe.com/api/payouts/object">Stripe: payouts</a>
     */
    public static Journal payoutCreated(String payout, UUID coach, Money amount, Instant at) {
        return new Journal("payout_created", payout, at, List.of(
                new Entry(Account.of(COACH_AVAILABLE, coach), amount.negated()),
                new Entry(Account.of(COACH_IN_TRANSIT, coach), amount)));
    }

    /** The payout arrived; it may still fail later. */
    public static Journal payoutPaid(String payout, UUID coach, Money amount, Instant at) {
        return new Journal("payout_paid", payout, at, List.of(
                new Entry(Account.of(COACH_IN_TRANSIT, coach), amount.negated()),
                new Entry(Account.of(COACH_PAID_OUT, coach), amount)));
    }

    /** The payout failed, or was canceled, on its way: the coach can be paid out again. */
    public static Journal payoutFailed(String payout, UUID coach, Money amount, Instant at) {
        return failed(payout, coach, amount, COACH_IN_TRANSIT, at);
    }

    /** The bank returned a payout that had arrived: the coach can be paid out again. */
    public static Journal payoutReturned(String payout, UUID coach, Money amount, Instant at) {
        return failed(payout, coach, amount, COACH_PAID_OUT, at);
    }

    /** One kind, whichever account holds the money: a payout fails once. */
    private static Journal failed(String payout, UUID coach, Money amount, Account.Kind from, Instant at) {
        return new Journal("payout_failed", payout, at, List.of(
                new Entry(Account.of(from, coach), amount.negated()),
                new Entry(Account.of(COACH_AVAILABLE, coach), amount)));
    }

    /**
     * The coach bore Stripe's charge for an instant payout: a transfer took it from the coach's account to the platform's.
     *
     * @param transfer {@code tr_…} of the connected account
     * @param fee positive
     * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
     */
    public static Journal instantFee(String transfer, UUID coach, Money fee, Instant at) {
        return new Journal("instant_fee", transfer, at, List.of(
                new Entry(Account.of(COACH_AVAILABLE, coach), fee.negated()),
                new Entry(Account.shared(STRIPE_FEES), fee)));
    }

    /**
     * The platform was paid out to its own bank, that payout failed, or the platform topped up its balance.
     *
     * @param balanceTransaction {@code txn_…} of the platform
     * @param net signed, as Stripe says: negative when it left for the bank
     */
    public static Journal platformBank(String balanceTransaction, Money net, Instant at) {
        return new Journal(PLATFORM_BANK_MOVED, balanceTransaction, at, List.of(
                new Entry(Account.shared(PLATFORM_BANK), net),
                new Entry(Account.shared(EXTERNAL), net.negated())));
    }

    /**
     * Stripe settled a booked amount in another currency than it was booked in.
     *
     * @param balanceTransaction {@code txn_…} of the connected account
     * @param booked signed, as on the coach's pending account
     * @param settled signed, in the new currency
     * @see <a href="https://docs.stripe.com/currencies/conversions">Stripe: currency conversions</a>
     */
    public static Journal converted(String balanceTransaction, UUID coach, Money booked, Money settled, Instant at) {
        return new Journal(CONVERTED, balanceTransaction, at, List.of(
                new Entry(Account.of(COACH_PENDING, coach), booked.negated()),
                new Entry(Account.shared(FX), booked),
                new Entry(Account.shared(FX), settled.negated()),
                new Entry(Account.of(COACH_PENDING, coach), settled)));
    }

    /**
     * Stripe settled a booked amount of the platform in another currency. Stripe's balance does not depend on which of the
     * platform's accounts the amount is on, so the exchange is kept apart from them.
     *
     * @param balanceTransaction {@code txn_…} of the platform
     * @param booked signed, what the fact moved of the platform's
     * @param settled signed, in the new currency, before Stripe's fee
     */
    public static Journal platformConverted(String balanceTransaction, Money booked, Money settled, Instant at) {
        return new Journal(CONVERTED, balanceTransaction, at, List.of(
                new Entry(Account.shared(PLATFORM_ADJUSTMENTS), booked.negated()),
                new Entry(Account.shared(FX), booked),
                new Entry(Account.shared(FX), settled.negated()),
                new Entry(Account.shared(PLATFORM_ADJUSTMENTS), settled)));
    }

    /**
     * A line of a coach's account that belongs to no fact of the business, booked as Stripe has it: a debt that Stripe cleared,
     * a transfer made in the dashboard. It becomes available like any other.
     *
     * @param balanceTransaction {@code txn_…} of the connected account
     * @param net signed, as Stripe says; not zero
     * @see <a href="https://support.stripe.com/questions/connect-reserves-faq">Stripe: negative balances are cleared</a>
     */
    public static Journal adjusted(String balanceTransaction, UUID coach, Money net, Instant at) {
        return new Journal(ADJUSTED, balanceTransaction, at, List.of(
                new Entry(Account.of(COACH_PENDING, coach), net),
                new Entry(Account.shared(EXTERNAL), net.negated())));
    }

    /**
     * A line of the platform's balance that belongs to no fact of the business. Each side is booked by its own line alone, so
     * booking one never makes the other differ.
     *
     * @param balanceTransaction {@code txn_…} of the platform
     * @param amount signed, as Stripe says
     * @param fee positive when charged
     */
    public static Journal platformAdjusted(String balanceTransaction, Money amount, Money fee, Instant at) {
        return new Journal(ADJUSTED, balanceTransaction, at, platformLine(PLATFORM_ADJUSTMENTS, amount, fee));
    }

    /**
     * A subscriber paid an invoice: the platform alone earns it, less the tax.
     *
     * @param paymentIntent {@code pi_…}
     * @param amount what the subscriber paid
     * @param tax the part of it that is tax
     * @see <a href="https://docs.stripe.com/billing/invoices/subscription">Stripe: invoices of subscriptions</a>
     */
    public static Journal subscriptionPaid(String paymentIntent, Money amount, Money tax, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(EXTERNAL), amount.negated());
        add(entries, Account.shared(PLATFORM_REVENUE), amount.minus(tax));
        add(entries, Account.shared(TAX_PAYABLE), tax);
        return new Journal("subscription_paid", paymentIntent, at, entries);
    }

    /**
     * A refund of a subscription's payment: the platform bears it, and owes less tax.
     *
     * @param refund {@code re_…}
     * @param amount what went back, positive
     * @param tax the part of it that was tax
     */
    public static Journal subscriptionRefunded(String refund, Money amount, Money tax, Instant at) {
        return new Journal("subscription_refunded", refund, at, subscriptionReturn(amount, tax));
    }

    /**
     * A refund of a subscription's payment failed: the platform has earned it after all, and owes the tax.
     *
     * @param refund {@code re_…}
     * @param amount what came back, positive
     * @param tax the part of it that is tax
     */
    public static Journal subscriptionRegained(String refund, Money amount, Money tax, Instant at) {
        return new Journal("subscription_regained", refund, at, subscriptionReturn(amount.negated(), tax.negated()));
    }

    private static List<Entry> subscriptionReturn(Money amount, Money tax) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(REFUND_CLEARING), amount);
        add(entries, Account.shared(PLATFORM_REVENUE), tax.minus(amount));
        add(entries, Account.shared(TAX_PAYABLE), tax.negated());
        return entries;
    }

    /** Entries of one line of the platform's balance: on an account of its own and on Stripe's fees. */
    private static List<Entry> platformLine(Account.Kind kind, Money amount, Money fee) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(kind), amount);
        add(entries, Account.shared(STRIPE_FEES), fee.negated());
        add(entries, Account.shared(EXTERNAL), fee.minus(amount));
        return entries;
    }

    /** Adds an entry unless it is zero: a coach without a fee, or a fee of everything, has one less. */
    private static void add(List<Entry> entries, Account account, Money amount) {
        if (!amount.isZero()) {
            entries.add(new Entry(account, amount));
        }
    }
}
