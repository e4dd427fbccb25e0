package io.coachpay.payout;

import java.util.ArrayList;
import java.util.List;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.coach.CoachProfile;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.coach.Reason;
import io.coachpay.ledger.CoachBalance;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import io.coachpay.stripe.StripeBalance;

/**
 * Whether and how much a coach can be paid in one currency, by our own books.
 *
 * @param account null before onboarding
 * @param balance in that currency
 * @param holding the part that is not released
 * @param fees the part reserved for fees of instant payouts that are still to be taken
 * @param inProgress whether Stripe is being asked for a payout in it
 * @param payoutsHeld whether payouts to all coaches are held
 */
record PayoutEligibility(CoachProfile profile, @Nullable ConnectedAccount account, CoachBalance balance, Holding holding,
        Money fees, boolean inProgress, boolean payoutsHeld) {

    /**
     * The payable amount: {@code available − held − fees}, less refunds and disputes that Stripe has not taken off yet. Below
     * zero when these exceed the rest.
     */
    Money payable() {
        Money pending = pending();
        Money available = balance.available().minus(holding.available()).minus(fees);
        return pending.isNegative() ? available.plus(pending) : available;
    }

    /** The payable amount if all pending money were available. */
    Money payableInTime() {
        return pending().isNegative() ? payable() : payable().plus(pending());
    }

    /** Not available yet, and not held. */
    private Money pending() {
        return balance.pending().minus(holding.pending());
    }

    /**
     * Limits the payable amount to Stripe's available balance, in units that Stripe pays out; the rest is paid another time.
     * Money that came late to a replaced account is not in the present one, and must not be paid from that one's held money.
     */
    Money payable(StripeBalance atStripe) {
        Money there = atStripe.available().stream().filter(payable()::isSameCurrency).findFirst()
                .orElse(Money.zero(unit())).minus(fees);
        if (account != null && !account.replacedAccounts().isEmpty()) {
            there = there.minus(holding.available());
        }
        return currency().floorToPayoutUnit(payable().isGreaterThan(there) ? there : payable());
    }

    /** The least amount that is paid without a request. */
    Money minimum() {
        Money stripes = currency().minimumPayout();
        Money wanted = profile.minimumPayout();
        return wanted.isSameCurrency(stripes) && wanted.isGreaterThan(stripes) ? wanted : stripes;
    }

    StripeCurrency currency() {
        return StripeCurrencies.of(unit());
    }

    /** Returns the reasons against any payout, whatever the amount; empty without any. */
    List<Reason> blockers() {
        List<Reason> blockers = new ArrayList<>(
                account == null ? List.of(Reason.ONBOARDING_INCOMPLETE) : account.payoutReasons());
        if (blockers.isEmpty() && account != null && !account.hasBankFor(unit().getCode())) {
            blockers.add(Reason.NO_BANK_ACCOUNT_FOR_CURRENCY);
        }
        if (inProgress) {
            blockers.add(Reason.PAYOUT_IN_PROGRESS);
        }
        if (payoutsHeld) {
            blockers.add(Reason.PAYOUTS_HELD);
        }
        if (payable().isNegative()) {
            blockers.add(Reason.NEGATIVE_BALANCE);
        }
        return blockers;
    }

    /** Returns the reason against paying this amount without a request; null without one. */
    @Nullable
    Reason blockerFor(Money amount) {
        List<Reason> blockers = blockers();
        if (!blockers.isEmpty()) {
            return blockers.get(0);
        }
        if (amount.isPositive() && !amount.isLessThan(minimum())) {
            return null;
        }
        if (holding.held().isPositive() && !amount.plus(holding.held()).isLessThan(minimum())) {
            return Reason.HELD;
        }
        return amount.isPositive() ? Reason.BELOW_MINIMUM : nothing();
    }

    /** Returns the reason why nothing is payable. */
    Reason nothing() {
        return holding.held().isPositive() ? Reason.HELD : Reason.NOTHING_AVAILABLE;
    }

    /** Returns {@code acct_…}; only for a coach with an account. */
    String stripeAccount() {
        String id = account == null ? null : account.stripeId();
        if (id == null) {
            throw new IllegalStateException("Coach " + profile.userId() + " has no account to be paid from");
        }
        return id;
    }

    private CurrencyUnit unit() {
        return balance.available().getCurrencyUnit();
    }
}
