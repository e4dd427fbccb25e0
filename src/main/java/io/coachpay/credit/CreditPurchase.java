package io.coachpay.credit;

import java.math.BigDecimal;
import java.util.Objects;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.joda.money.Money;

import io.coachpay.access.Rows;
import io.coachpay.ledger.CreditPostings;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Wallet;
import io.coachpay.ledger.Wallets;
import io.coachpay.money.Credits;
import io.coachpay.payment.MoneyReturned;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Purchase;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;

/**
 * Grants the credits of a payment, in the database transaction that records it. Takes them back as far as its money went back:
 * {@code credits × min(1, (refunded + disputed) ÷ price)}. Each fact books the difference to what was booked before, so the
 * order of refunds and disputes, won ones too, does not matter.
 */
@ApplicationScoped
class CreditPurchase implements Purchase {

    /** The money that earlier facts have met with credits. */
    private static final String MET = """
            select coalesce(sum(e.amount), 0) as amount from ledger_journals j
              join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id and a.kind in ('refund_clearing', 'dispute_losses')
             where j.transaction_id = ? and j.kind in ('credits_taken', 'credits_given_back')""";

    private final Wallets wallets;
    private final Ledger ledger;
    private final Rows rows;

    CreditPurchase(Wallets wallets, Ledger ledger, DataSource database) {
        this.wallets = wallets;
        this.ledger = ledger;
        this.rows = new Rows(database);
    }

    @Override
    public Purpose purpose() {
        return Purpose.CREDIT_PURCHASE;
    }

    @Override
    public Journal paid(Transaction payment) {
        Wallet wallet = wallets.hold(payment.terms().payerId());
        return CreditPostings.creditsBought(Objects.requireNonNull(payment.paymentIntent()), payment.terms().payerId(),
                payment.amount(), payment.credits().bought(), wallet,
                Objects.requireNonNull(payment.completion().completedAt()));
    }

    @Override
    public void changed(Transaction payment, PaymentStatus before) {
        // The journal grants the credits, and whatever moves the money takes them.
    }

    @Override
    public void held(Transaction payment) {
        // It grants nothing.
    }

    @Override
    public boolean isSuperseded(Transaction late) {
        return false;
    }

    /** Lets the credits follow their money. */
    void on(@Observes MoneyReturned moved) {
        Transaction payment = moved.payment();
        if (!payment.terms().type().equals(Purpose.CREDIT_PURCHASE.column()) || payment.completion().isHeld()) {
            return;
        }
        Money gone = gone(payment);
        Credits total = payment.credits().bought().share(gone, payment.amount());
        Credits change = total.minus(payment.credits().takenBack());
        Money money = gone.minus(met(payment));
        if (change.isZero() && money.isZero()) {
            return;
        }
        Wallet wallet = wallets.hold(payment.terms().payerId());
        boolean fresh = ledger.post((gives(change, money)
                ? CreditPostings.creditsGivenBack(moved.reference(), moved.by(), payment.terms().payerId(), money.negated(),
                        change.negated(), wallet, moved.at())
                : CreditPostings.creditsTaken(moved.reference(), moved.by(), payment.terms().payerId(), money, change, wallet,
                        moved.at()))
                .of(payment.id()));
        if (fresh) {
            payment.credits().takeBack(total);
        }
    }

    private static boolean gives(Credits change, Money money) {
        return change.isNegative() || money.isNegative();
    }

    /** The money that is with the payer again, at most the price. */
    private static Money gone(Transaction payment) {
        Money gone = payment.amounts().refunded().plus(payment.amounts().disputed());
        return gone.isGreaterThan(payment.amount()) ? payment.amount() : gone;
    }

    private Money met(Transaction payment) {
        BigDecimal met = rows.query(MET, row -> row.getBigDecimal("amount"), payment.id()).get(0);
        return Money.of(payment.amount().getCurrencyUnit(), met.stripTrailingZeros());
    }
}
