package io.coachpay.refund;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

import io.coachpay.access.Access;
import io.coachpay.money.Share;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeBalances;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.transfer.TransferBooks;

/**
 * Asks Stripe whose balance is short for a refund. Waiting refunds are retried, and at once when funds arrive; for what a
 * coach's account cannot give, the platform pays in the end.
 */
@ApplicationScoped
class RefundFundsAtStripe {

    private static final Logger LOG = Logger.getLogger(RefundFundsAtStripe.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(10);

    /** The account that is short, as a refund's failure code; Stripe does not say it. */
    private static final String PLATFORM_SHORT = "platform_balance_insufficient";
    private static final String COACH_SHORT = "coach_balance_insufficient";

    private final Access access;
    private final StripeBalances stripe;
    private final TransferBooks transfers;
    private final RefundSettings settings;
    private final Clock clock;

    RefundFundsAtStripe(Access access, StripeBalances stripe, TransferBooks transfers, RefundSettings settings, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.transfers = transfers;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Postpones a refund that lacks funds, or has the platform pay it alone from now on.
     *
     * @param attempt the one that Stripe answered so
     */
    void await(Refund claimed, int attempt, StripeRefused.InsufficientBalance refused) {
        String code = whoseIsShort(claimed, refused);
        LOG.warnf("Refund %s waits for funds, %s: %s", claimed.id(), code, refused.getMessage());
        access.runAsService(() -> Refund.locked(claimed.id()).ifPresent(refund -> {
            Instant now = clock.instant();
            boolean waits = refund.progress().waitForFunds(attempt, code, refused.getMessage(), claimed.progress().checkAt(),
                    now.plus(BETWEEN_TRIES));
            if (waits && code.equals(COACH_SHORT)
                    && !refund.coachIsShort(now).plus(settings.platformPaysAfter()).isAfter(now)) {
                LOG.errorf("The platform alone pays refund %s, which the coach's account cannot give", refund.id());
                refund.bearAlone("The coach's account could not give its part within " + settings.platformPaysAfter());
                refund.progress().checkNext(now);
            }
        }));
    }

    /**
     * The coach's, if that account holds less than its part while the platform's would cover the refund with what is taken
     * back for it; else the platform's, which can be topped up. If Stripe cannot be asked, its own code is kept.
     */
    private String whoseIsShort(Refund refund, StripeRefused.InsufficientBalance refused) {
        Transaction payment = access.asService(() -> Transaction.findById(refund.transactionId()));
        CurrencyUnit currency = payment.amount().getCurrencyUnit();
        try {
            Money back = takenBack(payment, refund);
            if (refund.isBorneAlone() || has(stripe.balance(null), currency).plus(back).isLessThan(refund.amount())) {
                return PLATFORM_SHORT;
            }
            Money part = Share.of(payment.amounts().split().payout(), back, payment.amount());
            return has(stripe.balance(payment.destinationAccount()), currency).isLessThan(part) ? COACH_SHORT : PLATFORM_SHORT;
        } catch (StripeRefused untold) {
            LOG.warnf("The balance that refund %s waits for is unknown: %s", refund.id(), untold.getMessage());
            return String.valueOf(refused.reason().code());
        }
    }

    /**
     * The amount that Stripe takes back of the payment's own transfer for a refund, gross; zero where nothing is left of it.
     */
    private Money takenBack(Transaction payment, Refund refund) {
        return access.asService(() -> transfers.leftOf(payment)).parts().stream()
                .filter(part -> part.transfer().isOfPayment()).findFirst()
                .map(part -> {
                    Money share = Share.of(part.transfer().amount(), refund.amount(), payment.amount());
                    return part.left().isLessThan(share) ? part.left() : share;
                }).orElse(refund.amount());
    }

    /** Pending money counts: a refund of pending money is pending as well. */
    private static Money has(StripeBalance balance, CurrencyUnit currency) {
        Money sum = Money.zero(currency);
        for (List<Money> amounts : List.of(balance.available(), balance.pending())) {
            for (Money amount : amounts) {
                sum = amount.getCurrencyUnit().equals(currency) ? sum.plus(amount) : sum;
            }
        }
        return sum;
    }
}
