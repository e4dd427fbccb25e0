package io.coachpay;

import java.time.Duration;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.PaymentOrder;
import io.coachpay.payment.Purpose;

/**
 * A session for 125.00 USD, of which its coach gets 100.00: rows as the service could have written them, without Stripe and
 * for tests whose work is {@link Undone}.
 */
public final class SoldSession {

    public static final Money PRICE = Money.parse("USD 125.00");
    public static final Money FEE = Money.parse("USD 25.00");

    private final String suffix = UUID.randomUUID().toString().replace("-", "");
    private final Undone undone;

    public final UUID coach = Ids.next();
    public final UUID mentee = Ids.next();
    public final UUID connectedAccount = Ids.next();
    public final UUID session = Ids.next();
    public final UUID payment = Ids.next();
    /** The coach's account at Stripe. */
    public final String account = stripeId("acct");
    public final String customer = stripeId("cus");
    public final String intent = stripeId("pi");
    public final String charge = stripeId("ch");
    public final String fee = stripeId("fee");
    public final String transfer = stripeId("tr");
    /** Our row of the transfer. */
    public final UUID transferId = Ids.next();

    private SoldSession(Undone undone) {
        this.undone = undone;
        user(coach);
        user(mentee);
        undone.run(
                "insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout) values (?, ?, 100, 'USD', 100)",
                Ids.next(), coach);
        undone.run("""
                insert into stripe_connected_accounts (id, user_id, stripe_account_id, country, payouts_manual)
                values (?, ?, ?, 'US', true)""", connectedAccount, coach, account);
    }

    /** A booked session, held for its mentee; no payment has begun. */
    public static SoldSession unpaid(Undone undone) {
        SoldSession sold = new SoldSession(undone);
        sold.book("pending_payment", "pending");
        return sold;
    }

    /** A session that is paid and booked; its transfer is not known yet. */
    public static SoldSession paid(Undone undone, Ledger ledger) {
        SoldSession sold = new SoldSession(undone);
        sold.pay(sold.account, null);
        ledger.post(Postings.sessionPaid(sold.intent, sold.coach, PRICE, FEE, undone.now()).of(sold.payment));
        return sold;
    }

    /** A session that was paid to an account which its coach has replaced since; its id there. */
    public static SoldSession paidTo(String replaced, Undone undone, Ledger ledger) {
        SoldSession sold = new SoldSession(undone);
        undone.run("update stripe_connected_accounts set replaced_accounts = array[?] where id = ?", replaced,
                sold.connectedAccount);
        sold.pay(replaced, null);
        ledger.post(Postings.sessionPaid(sold.intent, sold.coach, PRICE, FEE, undone.now()).of(sold.payment));
        return sold;
    }

    /** A payment of 125.00 that went to another account, and is held. */
    public static SoldSession held(Undone undone, Ledger ledger) {
        SoldSession sold = new SoldSession(undone);
        sold.pay(null, "for another");
        ledger.post(Postings.paymentHeldAlone(sold.intent, PRICE, Money.parse("USD 0.00"), undone.now()).of(sold.payment));
        return sold;
    }

    /** The order of its payment, which is to be paid within a day. */
    public PaymentOrder order() {
        return new PaymentOrder(Purpose.SESSION_PAYMENT, session, mentee, PRICE,
                new PaymentOrder.Destination(coach, FEE, account, false), undone.now().plus(Duration.ofDays(1)),
                "Coaching session");
    }

    private void pay(@Nullable String destination, @Nullable String mismatch) {
        boolean held = mismatch != null;
        book(held ? "pending_payment" : "confirmed", held ? "pending" : "paid");
        undone.run(
                """
                        insert into transactions (id, type, status, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id,
                               session_id, destination_account, held_at, mismatch, expires_at, completed_at, stripe_payment_intent_id,
                               stripe_charge_id, stripe_application_fee_id, stripe_customer_id, description)
                        values (?, 'session_payment', 'completed', 'payment_intent', 125, 'USD', ?, ?, ?, ?, ?, ?, ?::timestamptz, ?, ?, ?, ?,
                                ?, ?, ?, 'Coaching session')""",
                payment, held ? 0 : 25, held ? 0 : 100, mentee, coach, session,
                destination, held ? undone.now() : null, mismatch, undone.now(), undone.now(), intent, charge, fee, customer);
    }

    /** A session that is paid, with its transfer. */
    public static SoldSession transferred(Undone undone, Ledger ledger) {
        SoldSession sold = paid(undone, ledger);
        undone.run("""
                insert into transfers (id, transaction_id, connected_account_id, purpose, stripe_transfer_id, amount, currency)
                values (?, ?, ?, 'payment', ?, 125, 'USD')""", sold.transferId, sold.payment, sold.connectedAccount,
                sold.transfer);
        return sold;
    }

    /** An id as Stripe would give it; the same for the same words. */
    public String stripeId(String prefix, String... words) {
        return prefix + "_" + String.join("", words) + suffix;
    }

    /** The journal of its payment, which each story begins with. */
    public String paid() {
        return "session_paid " + intent + ": coach_pending 100 USD, external -125 USD, platform_revenue 25 USD";
    }

    private void user(UUID id) {
        undone.run("insert into users (id, oidc_subject, email, name) values (?, ?, ?, 'Somebody')", id, "subject-" + id,
                id + "@example.com");
    }

    private void book(String status, String paymentStatus) {
        undone.run(
                """
                        insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, status, payment_status, price_amount, currency,
                               platform_fee_amount, coach_payout_amount, hourly_rate, platform_fee_percentage, hold_expires_at, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, 125, 'USD', 25, 100, 100, 20, ?, ?)""",
                session, mentee, coach,
                undone.now().plus(Duration.ofDays(3)), undone.now().plus(Duration.ofDays(3)).plus(Duration.ofMinutes(75)),
                status,
                paymentStatus, undone.now().plus(Duration.ofMinutes(30)), undone.now());
    }
}
