package io.coachpay.payout;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;

import org.jboss.logging.Logger;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Constraints;
import io.coachpay.coach.Reason;
import io.coachpay.job.Background;
import io.coachpay.payout.PayoutCalendar.Turn;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeRefused;

/**
 * Pays coaches on their due days. Each due day is paid once, however many runs there are at the same time, on however many
 * instances: each decision holds the coach, and the next one sees it.
 */
@ApplicationScoped
public class PayoutRuns {

    private static final Logger LOG = Logger.getLogger(PayoutRuns.class);
    private static final int AT_ONCE = 500;
    private static final String NOT_ASKED = "not_asked";

    private final Access access;
    private final PayoutBooks payouts;
    private final PayoutsAtStripe atStripe;
    private final PayoutCalendar calendar;
    private final Standings standings;
    private final PayoutMetrics metrics;
    private final PayoutSettings settings;
    private final Clock clock;

    PayoutRuns(Access access, PayoutBooks payouts, PayoutsAtStripe atStripe, PayoutCalendar calendar, Standings standings,
            PayoutMetrics metrics, PayoutSettings settings, Clock clock) {
        this.access = access;
        this.payouts = payouts;
        this.atStripe = atStripe;
        this.calendar = calendar;
        this.standings = standings;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
    }

    /** The number of turns by result: {@code paid}, or the reason why nothing was paid. */
    public record Outcome(Map<String, Integer> turns, boolean more) {
    }

    /**
     * Pays a bounded number of due turns, several at the same time. Calls Stripe, so no database transaction may be open.
     * While payouts are held all turns stay due.
     *
     * @return the results, and whether more turns may be due
     */
    public Outcome runDue() {
        List<Turn> due = access.asService(() -> calendar.due(clock.instant(), AT_ONCE));
        if (settings.hold()) {
            return new Outcome(due.isEmpty() ? Map.of() : Map.of(Reason.PAYOUTS_HELD.code(), due.size()), false);
        }
        Map<UUID, List<Turn>> coaches = due.stream()
                .collect(Collectors.groupingBy(Turn::coach, LinkedHashMap::new, Collectors.toList()));
        Map<String, Integer> turns = new LinkedHashMap<>();
        if (!coaches.isEmpty()) {
            runAtOnce(coaches).forEach(outcome -> turns.merge(outcome, 1, Integer::sum));
        }
        return new Outcome(turns, due.size() == AT_ONCE && !turns.containsKey(NOT_ASKED));
    }

    private List<String> runAtOnce(Map<UUID, List<Turn>> coaches) {
        ExecutorService workers = Executors.newFixedThreadPool(Math.min(settings.workers(), coaches.size()));
        try {
            List<Future<List<String>>> runs = new ArrayList<>();
            coaches.forEach((coach, turns) -> runs.add(workers.submit(() -> run(coach, turns))));
            List<String> outcomes = new ArrayList<>();
            for (Future<List<String>> run : runs) {
                outcomes.addAll(run.get());
            }
            return outcomes;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A payout run failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("A payout run was interrupted", e);
        } finally {
            workers.shutdown();
        }
    }

    /** Pays one coach's turns. A failure with one coach does not stop the payment of others. */
    private List<String> run(UUID coach, List<Turn> turns) {
        Map<Turn, String> outcomes = new LinkedHashMap<>();
        try {
            Background.run("job", "payout-run", () -> pay(turns, outcomes));
        } catch (StripeAway.KeyRefused | StripeRefused.RateLimited unheard) {
            // Stripe was not asked about the coach, whose turn stays due.
            LOG.debugf("Coach %s is paid later: %s", coach, unheard.getMessage());
            turns.forEach(turn -> outcomes.putIfAbsent(turn, skipped(NOT_ASKED)));
        } catch (StripeRefused refused) {
            LOG.warnf("Coach %s is paid later: %s", coach, refused.getMessage());
            putOff(turns, refused.outcome(), outcomes);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "Coach %s could not be paid", coach);
            putOff(turns, "failed", outcomes);
        }
        return List.copyOf(outcomes.values());
    }

    /** Postpones the turns that have no result yet. */
    private void putOff(List<Turn> turns, String why, Map<Turn, String> outcomes) {
        List<Turn> open = turns.stream().filter(turn -> !outcomes.containsKey(turn)).toList();
        access.runAsService(() -> open.forEach(turn -> putOff(turn, why)));
        open.forEach(turn -> outcomes.put(turn, skipped(why)));
    }

    private void pay(List<Turn> turns, Map<Turn, String> outcomes) {
        turns.forEach(turn -> {
            String why = turn.worthAsking() ? skipHeld(turn) : skipHopeless(turn);
            if (why != null) {
                outcomes.put(turn, why);
            }
        });
        List<Turn> worthAsking = turns.stream().filter(turn -> !outcomes.containsKey(turn)).toList();
        if (worthAsking.isEmpty()) {
            return;
        }
        String account = worthAsking.get(0).account();
        StripeBalance balance = atStripe.balance(account);
        worthAsking.forEach(turn -> pay(turn, balance, outcomes));
    }

    /** Pays in one currency. A failure in one currency does not stop the payment of others. */
    private void pay(Turn turn, StripeBalance balance, Map<Turn, String> outcomes) {
        try {
            Decision decision = decide(turn, balance);
            outcomes.put(turn, decision.outcome());
            if (decision.payout() != null) {
                atStripe.advance(decision.payout(), turn.account());
            }
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "Coach %s could not be paid in %s", turn.coach(), turn.currency());
            putOff(List.of(turn), "failed", outcomes);
        }
    }

    /** Skips a turn of which all money is held, without asking Stripe; null where something may be payable. */
    private @Nullable String skipHeld(Turn turn) {
        return access.asService(() -> {
            PayoutEligibility standing = standing(turn);
            return standing.blockerFor(standing.payableInTime()) == Reason.HELD ? skip(turn, standing, Reason.HELD) : null;
        });
    }

    /** Skips a turn that is not worth asking for. If that has just changed, the next run sees it. */
    private String skipHopeless(Turn turn) {
        return access.asService(() -> {
            PayoutEligibility standing = standing(turn);
            Reason reason = standing.blockerFor(standing.payable());
            return reason == null ? skipped("changed_meanwhile") : skip(turn, standing, reason);
        });
    }

    /**
     * The decision about a turn.
     *
     * @param payout whose money is reserved; null without one, for a recorded reason
     */
    private record Decision(String outcome, @Nullable Payout payout) {
    }

    private Decision decide(Turn turn, StripeBalance balance) {
        try {
            return standings.decide(turn.coach(), () -> reserve(turn, balance));
        } catch (PersistenceException e) {
            if (Constraints.violated(e, "payouts_one_requested") || Constraints.violated(e, "payouts_one_a_period")) {
                return new Decision(skipped(Reason.PAYOUT_IN_PROGRESS.code()), null);
            }
            throw e;
        }
    }

    private Decision reserve(Turn turn, StripeBalance balance) {
        if (calendar.isDealtWith(turn, clock.instant())) {
            return new Decision(skipped(Reason.NOT_DUE.code()), null);
        }
        if (turn.period() != null && Payout.isFor(turn.coach(), turn.currency(), turn.period())) {
            // A coach who moves to a time zone further west sees the same local due date twice; it was paid already.
            calendar.closePeriod(turn, null);
            return new Decision(skipped(Reason.NOT_DUE.code()), null);
        }
        PayoutEligibility standing = standing(turn);
        Money amount = standing.payable(balance);
        Reason reason = standing.blockerFor(amount);
        if (reason != null) {
            Money ours = standing.currency().floorToPayoutUnit(standing.payable());
            boolean stripeIsShort = standing.blockerFor(ours) == null;
            return new Decision(stripeIsShort ? skipForNow(turn, reason) : skip(turn, standing, reason), null);
        }
        Payout payout = payouts.reserve(standing, amount, PayoutSpeed.STANDARD, Money.zero(amount.getCurrencyUnit()),
                PayoutOrigin.RUN, turn.period(), null);
        calendar.closePeriod(turn, null);
        return new Decision("paid", payout);
    }

    /** Waits or postpones where the reason passes by itself; any other reason closes the due day. */
    private String skip(Turn turn, PayoutEligibility standing, Reason reason) {
        if (turn.period() == null && reason == Reason.HELD) {
            calendar.waitFor(turn.coach(), turn.currency(), standing.holding().next(), clock.instant());
            return skipped(reason.code());
        }
        if (turn.period() == null || reason == Reason.PAYOUT_IN_PROGRESS) {
            return skipForNow(turn, reason);
        }
        calendar.closePeriod(turn, reason);
        return skipped(reason.code());
    }

    /**
     * Postpones the turn: Stripe may have the money available some hours after our books, and no coach loses a month by that.
     */
    private String skipForNow(Turn turn, Reason reason) {
        putOff(turn, reason.code());
        return skipped(reason.code());
    }

    private void putOff(Turn turn, String why) {
        calendar.postpone(turn.coach(), turn.currency(), turn.period(), why, clock.instant());
    }

    private String skipped(String reason) {
        metrics.count("skipped", reason);
        return reason;
    }

    private PayoutEligibility standing(Turn turn) {
        return standings.of(turn.coach(), CurrencyUnit.of(turn.currency()));
    }
}
