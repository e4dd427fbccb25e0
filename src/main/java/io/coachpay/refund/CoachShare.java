package io.coachpay.refund;

import java.util.ArrayList;
import java.util.List;

import org.joda.money.Money;

import io.coachpay.money.Share;
import io.coachpay.money.Split;

/** What of a refund falls on the coach and what on the platform's fee, where Stripe does not say. */
final class CoachShare {

    private CoachShare() {
    }

    /**
     * What of its fee the platform keeps again when a refund has failed: what it should keep, in proportion to what coaches
     * gave for the refunds that still stand, less what it has kept so far. Never less than nothing, nor more than the failed
     * refund took. The rest of what it took is the coach's.
     *
     * @param taken from the coach for the failed refund, gross
     * @param standing gross, for all refunds that still stand
     * @param kept of the fee
     */
    static Money feeRegained(Split split, Money taken, Money standing, Money kept) {
        Money given = Share.of(split.fee(), min(standing, split.price()), split.price());
        Money regained = split.fee().minus(given).minus(kept);
        return regained.isNegative() ? Money.zero(taken.getCurrencyUnit()) : min(regained, taken);
    }

    /**
     * A transfer that gave back what had been taken from a coach. It is net of the fee which the platform regained then, while
     * the price that it stands for is gross.
     *
     * @param amount of the transfer
     * @param fee regained with it, zero for none
     * @param left of the transfer
     */
    record Repayment(Money amount, Money fee, Money left) {
    }

    /**
     * What is given for a part of the price that Stripe could not take.
     *
     * @param taken of each repayment, in their order
     * @param feeForgone what the platform gives up of the fee that it regained with them
     */
    record Given(List<Money> taken, Money feeForgone) {
    }

    /**
     * Takes a part of the price from what coaches were repaid.
     *
     * @param missing that part, gross
     * @param feeLeft what of regained fees was not given up again yet
     */
    static Given give(Money missing, List<Repayment> repayments, Money feeLeft) {
        Money rest = missing;
        Money forgone = Money.zero(missing.getCurrencyUnit());
        boolean nothingLeft = true;
        List<Money> taken = new ArrayList<>();
        for (Repayment repayment : repayments) {
            Money gross = repayment.amount().plus(repayment.fee());
            Money part = min(rest, Share.of(gross, repayment.left(), repayment.amount()));
            Money fee = min(feeLeft.minus(forgone), Share.of(repayment.fee(), part, gross));
            Money net = min(repayment.left(), part.minus(fee));
            taken.add(net);
            nothingLeft = nothingLeft && net.isEqual(repayment.left());
            forgone = forgone.plus(fee);
            rest = rest.minus(net).minus(fee);
        }
        // A fee of the whole price comes back with no transfer beside it.
        return new Given(taken, nothingLeft ? forgone.plus(min(rest, feeLeft.minus(forgone))) : forgone);
    }

    private static Money min(Money one, Money other) {
        return one.isLessThan(other) ? one : other;
    }
}
