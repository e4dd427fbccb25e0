package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.coach.CoachProfile;
import io.coachpay.coach.Coaches;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.http.NotFound;
import io.coachpay.ledger.Balances;
import io.coachpay.ledger.CoachBalance;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/** Reads coaches' money and decides about it, one decision for a coach at a time. */
@ApplicationScoped
class Standings {

    private static final Logger LOG = Logger.getLogger(Standings.class);
    /** Each further round takes a cancellation at the very moment. */
    private static final int ROUNDS = 3;

    private static final String UPCOMING = """
            select currency, sum(amount - refunded_amount - platform_fee
                                 + round(platform_fee * refunded_amount / amount, 2)) as upcoming
              from transactions where coach_id = ? and deferred_credits > 0 group by currency""";

    private final Rows rows;
    private final Access access;
    private final Coaches coaches;
    private final Balances balances;
    private final Holdings holdings;
    private final PayoutSettings settings;
    private final Clock clock;

    Standings(Access access, Coaches coaches, Balances balances, Holdings holdings, PayoutSettings settings,
            DataSource database, Clock clock) {
        this.rows = new Rows(database);
        this.access = access;
        this.coaches = coaches;
        this.balances = balances;
        this.holdings = holdings;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A coach's money in one currency.
     *
     * @param upcoming the coach's part of sessions paid with credits, which is in no balance at Stripe yet
     * @param last the newest payout; null before the first
     */
    record Mine(CoachBalance balance, Money upcoming, Holding holding, NextPayout next, @Nullable Payout last) {
    }

    /**
     * Returns the signed-in coach's money in each currency that they have earned in or are about to.
     * <p>
     * It is read as the service: row by row, the policies of refunds and steps would look at all of the coach's payments.
     *
     * @throws NotFound for a caller who is not a coach (404)
     */
    List<Mine> mine() {
        UUID coach = access.userId();
        return access.asService(() -> mine(coach));
    }

    private List<Mine> mine(UUID coach) {
        Instant now = clock.instant();
        List<CoachBalance> earned = coaches.balance();
        Map<CurrencyUnit, Money> upcoming = upcoming(coach);
        Stream<CoachBalance> unearned = upcoming.keySet().stream()
                .filter(currency -> earned.stream().noneMatch(balance -> balance.currency().equals(currency)))
                .map(CoachBalance::nothing);
        CoachProfile profile = profile(coach);
        Map<String, Holding> held = holdings.ofCoach(coach, profile.timeZone());
        return Stream.concat(earned.stream(), unearned).map(balance -> {
            PayoutEligibility standing = of(profile, balance, held);
            CurrencyUnit currency = balance.currency();
            return new Mine(balance, upcoming.getOrDefault(currency, Money.zero(currency)), standing.holding(),
                    NextPayout.of(standing, now), Payout.last(coach, currency.getCode()));
        }).toList();
    }

    /**
     * Decides about a coach's money in a database transaction of its own that holds the coach; again where the payable lines
     * have just changed.
     *
     * @throws PayoutItems.Changed when they have changed each time, or the books do not add up
     */
    <T> T decide(UUID coach, Supplier<T> decision) {
        for (int round = 1;; round++) {
            try {
                return access.asService(() -> {
                    hold(coach);
                    return decision.get();
                });
            } catch (PayoutItems.Changed changed) {
                if (round == ROUNDS) {
                    throw changed;
                }
                LOG.infof("The decision about coach %s is repeated: %s", coach, changed.getMessage());
            }
        }
    }

    /** Keeps other decisions about this coach's money waiting until the database transaction has ended. */
    @Transactional(TxType.MANDATORY)
    void hold(UUID coach) {
        CoachProfile.hold(coach);
    }

    /**
     * Returns a coach's eligibility in a currency.
     *
     * @throws NotFound for a user who is not a coach (404)
     */
    @Transactional(TxType.MANDATORY)
    PayoutEligibility of(UUID coach, CurrencyUnit currency) {
        CoachBalance balance = balances.ofCoach(coach).stream().filter(each -> each.currency().equals(currency))
                .findFirst().orElseGet(() -> CoachBalance.nothing(currency));
        CoachProfile profile = profile(coach);
        return of(profile, balance, holdings.ofCoach(coach, profile.timeZone()));
    }

    private static CoachProfile profile(UUID coach) {
        CoachProfile profile = CoachProfile.ofUser(coach);
        if (profile == null) {
            throw new NotFound("coach profile");
        }
        return profile;
    }

    private PayoutEligibility of(CoachProfile profile, CoachBalance balance, Map<String, Holding> held) {
        UUID coach = profile.userId();
        StripeCurrency currency = StripeCurrencies.of(balance.available().getCurrencyUnit());
        Holding holding = held.getOrDefault(currency.code(), holdings.none(currency));
        return new PayoutEligibility(profile, ConnectedAccount.ofUser(coach), balance, holding,
                feesReserved(coach, currency), Payout.isRequested(coach, currency.code()), settings.hold());
    }

    /** Sums the coach's part of credits that are deferred, by currency. */
    private Map<CurrencyUnit, Money> upcoming(UUID coach) {
        return rows.query(UPCOMING,
                row -> StripeCurrencies.of(row.getString("currency")).of(row.getBigDecimal("upcoming")), coach).stream()
                .collect(Collectors.toMap(Money::getCurrencyUnit, sum -> sum));
    }

    /** Sums what is reserved of a coach's money for fees that are not taken yet. */
    private static Money feesReserved(UUID coach, StripeCurrency currency) {
        BigDecimal sum = Payout.find("select coalesce(sum(fee.amount), 0) from Payout where userId = ?1"
                + " and amount.currency = ?2 and fee.amount > 0 and fee.transferId is null and fee.refusal is null", coach,
                currency.code()).project(BigDecimal.class).firstResult();
        return currency.of(sum);
    }
}
