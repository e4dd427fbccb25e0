package io.coachpay.refund;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.coach.CoachProfile;
import io.coachpay.money.Share;
import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import io.coachpay.payment.Transaction;

/**
 * Limits refunds by the coach's funds: pending and available earnings, held or not, plus what is about to come and less what
 * is about to leave.
 */
@ApplicationScoped
class CoachFunds {

    /**
     * A refund's reversal is booked after the refund, and its fee refund after that, so both count until then. Stripe does not
     * say which refund a fee goes back for. So the fee still to come is {@code fee × refunded/price} less the fee that has
     * gone back, and at most the fee's part of the refunds under way.
     */
    private static final String FUNDS = """
            with under_way as (
              select r.transaction_id, sum(r.amount) as amount, sum(greatest(r.amount - given.amount, 0)) as to_take
                from refunds r join transactions t on t.id = r.transaction_id and t.coach_id = ?1
               cross join lateral (select coalesce(sum(v.amount), 0) as amount from transfer_reversals v
                                    where v.refund_id = r.id) given
               where r.check_at is not null and not r.borne_alone and r.currency = ?2
                 and r.status in ('requested', 'pending', 'requires_action', 'succeeded')
               group by r.transaction_id)
            select coalesce((select sum(balance) from ledger_accounts where owner_id = ?1 and currency = ?2
                                and kind in ('coach_pending', 'coach_available')), 0)
                 - coalesce((select sum(u.to_take - least(t.platform_fee * u.amount / t.amount,
                                        greatest(t.platform_fee * gone.amount / t.amount - t.platform_fee + kept.amount, 0)))
                               from under_way u join transactions t on t.id = u.transaction_id
                              cross join lateral (
                                    select sum(r.amount) as amount from refunds r
                                     where r.transaction_id = t.id and not r.borne_alone
                                       and r.status in ('requested', 'pending', 'requires_action', 'succeeded')) gone
                              cross join lateral (
                                    select coalesce(sum(e.amount), 0) as amount from ledger_journals j
                                      join ledger_entries e on e.journal_id = j.id
                                      join ledger_accounts a on a.id = e.account_id and a.kind = 'platform_revenue'
                                     where j.transaction_id = t.id) kept), 0)
                 + coalesce((select sum(case s.kind when 'reversal' then -s.amount else s.amount end) from transfer_steps s
                               join transactions t on t.id = s.transaction_id and t.coach_id = ?1
                              where s.status in ('requested', 'waiting_for_funds') and s.currency = ?2), 0),
                   not exists (select from stripe_connected_accounts
                                where user_id = ?1 and stripe_account_id = ?3 and deauthorized_at is null)""";

    private final ReservedFunds reserved;
    private final EntityManager entities;
    private final RefundSettings settings;

    CoachFunds(ReservedFunds reserved, EntityManager entities, RefundSettings settings) {
        this.reserved = reserved;
        this.entities = entities;
        this.settings = settings;
    }

    /**
     * Refuses a refund whose coach's share exceeds the coach's funds and permitted debt. An account that its coach has
     * disconnected, or replaced, cannot be debited.
     *
     * @throws RefundRefused.ExceedsCoachFunds with the possible amount (422)
     */
    @Transactional(TxType.MANDATORY)
    void require(Transaction transaction, Money amount) {
        if (!transaction.reachedCoach()) {
            throw new RefundRefused.ExceedsCoachFunds(Money.zero(amount.getCurrencyUnit()));
        }
        CoachProfile.hold(transaction.coachId());
        Split split = transaction.amounts().split();
        BigDecimal funds = funds(transaction).add(settings.coachDebtLimit());
        if (share(split, amount).getAmount().compareTo(funds) > 0) {
            throw new RefundRefused.ExceedsCoachFunds(possible(split, funds));
        }
    }

    private BigDecimal funds(Transaction transaction) {
        String currency = transaction.amount().getCurrencyUnit().getCode();
        Object[] row = (Object[]) entities.createNativeQuery(FUNDS, Object[].class).setParameter(1, transaction.coachId())
                .setParameter(2, currency).setParameter(3, transaction.destinationAccount()).getSingleResult();
        BigDecimal funds = ((BigDecimal) row[0]).subtract(reserved.reserved(transaction.coachId(), currency));
        return (boolean) row[1] ? funds.min(BigDecimal.ZERO) : funds;
    }

    /**
     * The coach's share of a refund: {@code refund − fee × refund/price}, since the platform gives its part of the fee back.
     */
    private static Money share(Split split, Money refund) {
        return refund.minus(Share.of(split.fee(), refund, split.price()));
    }

    /** The largest refund whose share the funds cover. */
    private static Money possible(Split split, BigDecimal funds) {
        StripeCurrency currency = StripeCurrencies.of(split.price().getCurrencyUnit());
        Money unit = currency.chargeUnit();
        if (funds.signum() <= 0 || split.payout().isZero()) {
            return Money.zero(currency.unit());
        }
        BigDecimal exact = funds.multiply(split.price().getAmount()).divide(split.payout().getAmount(), MathContext.DECIMAL128)
                .min(split.price().getAmount());
        Money most = unit.multipliedBy(exact.divide(unit.getAmount(), 0, RoundingMode.DOWN).longValueExact());
        // The fee's part is rounded, by half a unit at most.
        return share(split, most).getAmount().compareTo(funds) > 0 ? most.minus(unit) : most;
    }
}
