package io.coachpay.ledger;

import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static io.coachpay.ledger.Account.Kind.CREDITS;
import static io.coachpay.ledger.Account.Kind.CREDIT_DEBT;
import static io.coachpay.ledger.Account.Kind.DEFERRED;
import static io.coachpay.ledger.Account.Kind.DISPUTE_LOSSES;
import static io.coachpay.ledger.Account.Kind.EXTERNAL;
import static io.coachpay.ledger.Account.Kind.PLATFORM_PROMOTIONS;
import static io.coachpay.ledger.Account.Kind.PLATFORM_REVENUE;
import static io.coachpay.ledger.Account.Kind.REFUND_CLEARING;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;

import io.coachpay.money.Credits;

/**
 * Every movement of credits, on one page: each fact and the journal it makes, as {@link Postings} has those of money alone.
 * Credits that come pay the user's debt first; credits that go leave a debt where the wallet has too few. The caller holds the
 * wallet.
 */
public final class CreditPostings {

    private CreditPostings() {
    }

    /** The platform's account that holds the money for credits which go or come back. */
    public enum Holder {
        /** A refund moved it. */
        REFUND(REFUND_CLEARING),
        /** The payer's bank moved it. */
        DISPUTE(DISPUTE_LOSSES);

        private final Account account;

        Holder(Account.Kind kind) {
            this.account = Account.shared(kind);
        }
    }

    /**
     * A user bought credits. What they exceed the price by is the platform's promotion.
     *
     * @param paymentIntent {@code pi_…}
     */
    public static Journal creditsBought(String paymentIntent, UUID user, Money paid, Credits credits, Wallet wallet,
            Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(EXTERNAL), Credits.of(paid).negated());
        add(entries, Account.shared(PLATFORM_PROMOTIONS), Credits.of(paid).minus(credits));
        give(entries, user, credits, wallet);
        return new Journal("credits_bought", paymentIntent, at, entries);
    }

    /**
     * A user paid a session with credits; the coach has nothing of them yet.
     *
     * @param payment our id
     */
    public static Journal creditsBooked(String payment, UUID user, Credits price, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.of(CREDITS, user), price.negated());
        add(entries, Account.of(DEFERRED, user), price);
        return new Journal("credits_booked", payment, at, entries);
    }

    /**
     * Credits of a session whose coach is not paid yet went back to the user.
     *
     * @param refund our id
     */
    public static Journal creditsReturned(String refund, UUID user, Credits credits, Wallet wallet, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.of(DEFERRED, user), credits.negated());
        give(entries, user, credits, wallet);
        return new Journal("credits_returned", refund, at, entries);
    }

    /**
     * A session that credits had paid for is over, and the coach is paid.
     *
     * @param reference {@code tr_…}, or our id of the payment where all of it is the platform's
     * @param price what is left of it, after what went back
     * @param payout the coach's part
     */
    public static Journal sessionPaidByCredits(String reference, UUID user, UUID coach, Credits price, Money payout,
            Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.of(DEFERRED, user), price.negated());
        add(entries, Account.shared(PLATFORM_REVENUE), price.minus(Credits.of(payout)));
        add(entries, Account.of(COACH_PENDING, coach), Credits.of(payout));
        return new Journal("session_paid_by_credits", reference, at, entries);
    }

    /**
     * Credits of a session whose coach was paid went back to the user. A reversal of the coach's transfer and the platform's
     * fee pay for them.
     *
     * @param refund our id
     */
    public static Journal creditsRefunded(String refund, UUID user, Credits credits, Wallet wallet, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(REFUND_CLEARING), credits.negated());
        give(entries, user, credits, wallet);
        return new Journal("credits_refunded", refund, at, entries);
    }

    /**
     * The money for credits went back to their buyer, and so the credits go.
     *
     * @param reference {@code re_…} or {@code txn_…} of the fact that moved the money
     * @param money that went back
     */
    public static Journal creditsTaken(String reference, Holder holder, UUID user, Money money, Credits taken, Wallet wallet,
            Instant at) {
        Credits there = taken.min(wallet.balance());
        List<Entry> entries = new ArrayList<>();
        add(entries, holder.account, Credits.of(money));
        add(entries, Account.shared(PLATFORM_PROMOTIONS), taken.minus(Credits.of(money)));
        add(entries, Account.of(CREDITS, user), there.negated());
        add(entries, Account.of(CREDIT_DEBT, user), there.minus(taken));
        return new Journal("credits_taken", reference, at, entries);
    }

    /**
     * The money for credits is with the platform again, and so the credits come back.
     *
     * @param reference {@code re_…} or {@code txn_…} of the fact that moved the money
     * @param money that came back
     */
    public static Journal creditsGivenBack(String reference, Holder holder, UUID user, Money money, Credits given,
            Wallet wallet,
            Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, holder.account, Credits.of(money).negated());
        add(entries, Account.shared(PLATFORM_PROMOTIONS), Credits.of(money).minus(given));
        give(entries, user, given, wallet);
        return new Journal("credits_given_back", reference, at, entries);
    }

    /**
     * An administrator gave credits to a user, or took them.
     *
     * @param adjustment our id
     * @param credits signed; of those taken, the wallet holds at least as many
     */
    public static Journal creditsAdjusted(String adjustment, UUID user, Credits credits, Wallet wallet, Instant at) {
        List<Entry> entries = new ArrayList<>();
        add(entries, Account.shared(PLATFORM_PROMOTIONS), credits.negated());
        if (credits.isPositive()) {
            give(entries, user, credits, wallet);
        } else {
            add(entries, Account.of(CREDITS, user), credits);
        }
        return new Journal("credits_adjusted", adjustment, at, entries);
    }

    private static void give(List<Entry> entries, UUID user, Credits credits, Wallet wallet) {
        Credits paysDebt = credits.min(wallet.debt());
        add(entries, Account.of(CREDIT_DEBT, user), paysDebt);
        add(entries, Account.of(CREDITS, user), credits.minus(paysDebt));
    }

    private static void add(List<Entry> entries, Account account, Credits amount) {
        if (!amount.isZero()) {
            entries.add(new Entry(account, amount.worth()));
        }
    }
}
