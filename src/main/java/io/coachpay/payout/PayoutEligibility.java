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
 * Where a coach stands in one currency, as far as our own books tell.
 *
 * @param account null before onboarding
 * @param balance in that currency
 * @param holding what is not released of it
 * @param fees what is kept of it for the fees of instant payouts that are still to be taken
 * @param inProgress whether Stripe is being asked for a payout in it
 * @param payoutsHeld whether nobody is paid out at the moment
 */
record PayoutEligibility(CoachProfile profile, @Nullable ConnectedAccount account, CoachBalance balance, Holding holding,
        Money fees, boolean inProgress, boolean payoutsHeld) {

    /**
     * What could be paid out: what is available and not held, less fees still to be taken, and less what was given back to
     * payers and Stripe has not taken off yet. Below zero when more was given back than there is.
     */
    Money payable() {
        Money pending = pending();
        Money available = balance.available().minus(holding.available()).minus(fees);
        return pending.isNegative() ? available.plus(pending) : available;
    }

    /** What could be, had Stripe made all available that it will. */
    Money payableInTime() {
        return pending().isNegative() ? payable() : payable().plus(pending());
    }

    /** Not available yet, and not held. */
    private Money pending() {
        return balance.pending().minus(holding.pending());
    }

    /**
     * As much of it as Stripe has and pays out; what is left is paid another time. What came late to an account that was
     * replaced is not in the present one, and must not be paid from what is held there.
     */
    Money payable(StripeBalance atStripe) {
        Money there = atStripe.available().stream().filter(payable()::isSameCurrency).findFirst()
                .orElse(Money.zero(unit())).minus(fees);
        if (account != null && !account.replacedAccounts().isEmpty()) {
            there = there.minus(holding.available());
        }
        return currency().floorToPayoutUnit(payable().isGreaterThan(there) ? there : payable());
    }

    /** The least that is paid without having been asked for. */
    Money minimum() {
        Money stripes = currency().minimumPayout();
        Money wanted = profile.minimumPayout();
        return wanted.isSameCurrency(stripes) && wanted.isGreaterThan(stripes) ? wanted : stripes;
    }

    StripeCurrency currency() {
        return StripeCurrencies.of(unit());
    }

    /** What stands in the way of any payout, whatever the amount; empty when nothing does. */
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

    /** Why this amount is not paid without having been asked for; null when it is. */
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

    /** Why there is nothing. */
    Reason nothing() {
        return holding.held().isPositive() ? Reason.HELD : Reason.NOTHING_AVAILABLE;
    }

    /** {@code acct_…}; only of somebody who has one. */
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
