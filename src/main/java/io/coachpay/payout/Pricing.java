package io.coachpay.payout;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;

import io.coachpay.coach.ConnectedAccount;
import io.coachpay.coach.ConnectedAccounts;
import io.coachpay.payout.PayoutSettings.Bearer;
import io.coachpay.stripe.StripeBalance;

/** Computes the amount, speed and cost of a requested payout, and who bears the cost. */
@ApplicationScoped
class Pricing {

    private final Bearer bearer;
    private final InstantFee fee;
    private final ConnectedAccounts accounts;

    Pricing(PayoutSettings settings, ConnectedAccounts accounts) {
        this.accounts = accounts;
        this.bearer = settings.instantFee();
        this.fee = new InstantFee(settings.instantFeePercentage());
    }

    /**
     * Quotes a request. An instant payout of all that is available pays all less the coach's fee; where no instant one is
     * possible, a standard one pays all.
     *
     * @throws PayoutRefused.Blocked when nothing can be paid out (409)
     * @throws PayoutRefused.ExceedsAvailable for more than is available less the fee, naming that (422)
     * @throws PayoutRefused.BelowMinimum for less than Stripe pays out (422)
     */
    Quote quote(PayoutEligibility standing, Payouts.PayoutOrder wish, StripeBalance atStripe) {
        Money all = standing.payable(atStripe);
        if (wish.amount() == null && !all.isPositive()) {
            throw new PayoutRefused.Blocked(List.of(standing.nothing()));
        }
        Bearer bearer = bearer(standing);
        if (!wish.instant()) {
            return standard(standing, wish, all, PayoutSpeed.STANDARD, bearer);
        }
        Money most = bearer == Bearer.COACH ? fee.mostOf(all) : all;
        Money amount = wish.amount() == null ? most : wish.amount();
        PayoutSpeed method = PayoutSpeed.instantIfPossible(amount, atStripe);
        if (!method.equals(PayoutSpeed.INSTANT)) {
            return standard(standing, wish, all, method, bearer);
        }
        return new Quote(required(standing, amount, most), method, fee.of(amount), bearer);
    }

    /** The platform bears the fee where Stripe does not let it debit the coach's account. */
    private Bearer bearer(PayoutEligibility standing) {
        ConnectedAccount account = standing.account();
        return account != null && accounts.canDebit(account, standing.currency().code()) ? bearer : Bearer.PLATFORM;
    }

    private static Quote standard(PayoutEligibility standing, Payouts.PayoutOrder wish, Money all, PayoutSpeed method,
            Bearer bearer) {
        Money amount = required(standing, wish.amount() == null ? all : wish.amount(), all);
        return new Quote(amount, method, Money.zero(amount.getCurrencyUnit()), bearer);
    }

    private static Money required(PayoutEligibility standing, Money amount, Money most) {
        if (amount.isGreaterThan(most)) {
            throw new PayoutRefused.ExceedsAvailable(most);
        }
        Money minimum = standing.currency().minimumPayout();
        if (amount.isLessThan(minimum)) {
            throw new PayoutRefused.BelowMinimum(minimum);
        }
        return amount;
    }
}
