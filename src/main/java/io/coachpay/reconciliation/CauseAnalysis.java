package io.coachpay.reconciliation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.reconciliation.BookComparison.Difference;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeRefused;

/**
 * Finds the causes of differences. Young objects, and those still on their way, explain themselves. For the others the inbox is
 * searched, and then Stripe is asked, which recovers missed objects.
 */
@ApplicationScoped
class CauseAnalysis {

    private static final Logger LOG = Logger.getLogger(CauseAnalysis.class);

    /**
     * The inbox is searched for this many in one run, and Stripe is asked about fewer, the newest first, and about each again
     * after an hour.
     */
    private static final int MOST_LOOKS = 200;
    private static final int MOST_SEARCHES = 500;
    private static final Duration FIRST_PAUSE = Duration.ofHours(1);

    private static final String MISSED = """
            select distinct j.transaction_id from unnest(?::text[], ?::text[]) as given (account, transaction)
              join stripe_balance_transactions b
                on b.account = given.account and b.stripe_balance_transaction_id = given.transaction
              join ledger_journals j on j.id = b.fact_journal_id
             where j.transaction_id is not null""";

    private final MissedObjects look;
    private final Rows rows;
    private final Clock clock;

    CauseAnalysis(MissedObjects look, @io.quarkus.agroal.DataSource("service") DataSource database, Clock clock) {
        this.look = look;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    /**
     * The result.
     *
     * @param found each object with its cause
     * @param told whether a missed object was recovered: then all is compared again
     * @param looked the causes of the objects that Stripe was asked about, should they still differ
     * @param missed the balance transactions among them that no event had reported
     */
    record Outcome(List<Discrepancy> found, boolean told, Map<Findings.Key, Findings.Known> looked,
            List<LocalRecords.Line> missed) {

        /** Whether something is left unexplained. */
        boolean isUnexplained() {
            return found.stream().anyMatch(one -> one.cause() == Cause.UNKNOWN);
        }
    }

    /**
     * Names the causes, and asks Stripe where nothing else explains them. No database transaction may be open.
     *
     * @param known the earlier looks at Stripe
     * @param young anything since then is still on its way
     */
    Outcome explain(List<Difference> objects, Map<Findings.Key, Findings.Known> known, Instant young) {
        return new Case(objects, known, young, MOST_LOOKS).explain();
    }

    /**
     * Relabels findings after a recovery: if one missed event of a payment was recovered, the payment's other unexplained
     * differences are a missed event too.
     */
    List<Discrepancy> matched(Outcome outcome) {
        if (outcome.missed().isEmpty()) {
            return outcome.found();
        }
        Set<UUID> payments = Set.copyOf(rows.query(MISSED, row -> row.getObject("transaction_id", UUID.class),
                new Rows.Column("text", outcome.missed().stream().map(LocalRecords.Line::account).toList()),
                new Rows.Column("text", outcome.missed().stream().map(LocalRecords.Line::transaction).toList())));
        return outcome.found().stream().map(found -> found.cause() == Cause.UNKNOWN && found.paymentId() != null
                && payments.contains(found.paymentId()) ? found.because(Cause.MISSED_EVENT) : found).toList();
    }

    /** Names the causes from what is known already, without asking Stripe. */
    Outcome explainAgain(List<Difference> objects, Map<Findings.Key, Findings.Known> known, Instant young) {
        return new Case(objects, known, young, 0).explain();
    }

    /** One analysis: the records about all the objects, and the looks at Stripe that are left. */
    private final class Case {

        private final List<Difference> objects;
        private final Map<Findings.Key, Findings.Known> known;
        private final Instant young;
        private final LocalRecords evidence;
        private final Map<Findings.Key, Findings.Known> looked = new HashMap<>();
        private int looksLeft;
        private int searchesLeft = MOST_SEARCHES;
        private final List<LocalRecords.Line> missed = new ArrayList<>();
        private boolean told;

        Case(List<Difference> objects, Map<Findings.Key, Findings.Known> known, Instant young, int looks) {
            this.objects = objects;
            this.known = known;
            this.young = young;
            this.evidence = new LocalRecords(rows, objects);
            this.looksLeft = looks;
        }

        Outcome explain() {
            List<Discrepancy> found = new ArrayList<>();
            for (Difference object : objects) {
                LocalRecords.Line line = evidence.line(object);
                found.add(line == null ? ofBooked(object) : ofLine(object, line));
            }
            return new Outcome(found, told, looked, missed);
        }

        private Discrepancy ofLine(Difference object, LocalRecords.Line line) {
            if (line.fact() == null) {
                return found(Kind.UNKNOWN_TYPE, object, line.transaction(), Cause.UNKNOWN, line.type(), null);
            }
            Findings.Known before = known.get(key(object));
            Cause obvious = before != null && isFresh(before, object) ? before.cause() : obvious(object);
            if (obvious != null) {
                return unbooked(object, line, obvious, null);
            }
            // An event that the inbox has not finished yet will be applied by itself.
            LocalRecords.Event event = searchesLeft-- > 0 ? evidence.telling(line) : null;
            if (event != null && !event.finished()) {
                return unbooked(object, line, event.late() ? Cause.LATE_EVENT : Cause.IN_FLIGHT, null);
            }
            if (looksLeft == 0) {
                boolean missed = event == null && searchesLeft >= 0;
                return unbooked(object, line, missed ? Cause.MISSED_EVENT : Cause.UNKNOWN, null);
            }
            return look(object, line, event != null);
        }

        private Discrepancy look(Difference object, LocalRecords.Line line, boolean eventCame) {
            Instant now = clock.instant();
            try {
                looksLeft--;
                MissedObjects.Seen seen = look.at(line.stripeAccount(), line.transaction());
                told |= seen.told();
                looked.put(key(object), new Findings.Known(seen.otherwise(), now));
                if (!seen.told() || eventCame) {
                    return unbooked(object, line, seen.otherwise(), now);
                }
                missed.add(line);
                return unbooked(object, line, Cause.MISSED_EVENT, now);
            } catch (StripeAway | StripeRefused.RateLimited away) {
                LOG.warnf("Stripe could not be asked about %s: %s", line.transaction(), away.getMessage());
                looksLeft = 0;
                return unbooked(object, line, Cause.UNKNOWN, null);
            } catch (StripeRefused refused) {
                return unbooked(object, line, Cause.UNKNOWN, now);
            } catch (RuntimeException odd) {
                // An object that is not understood does not keep the others from being analysed.
                LOG.errorf(odd, "Stripe's answer about %s is not understood", line.transaction());
                return unbooked(object, line, Cause.UNKNOWN, now);
            }
        }

        private Discrepancy ofBooked(Difference object) {
            Kind kind = object.total().signum() == 0 ? Kind.UNMOVED : object.told() ? Kind.UNEQUAL : Kind.UNTOLD;
            LocalRecords.Payment payment = evidence.payment(object);
            String stripeId = object.paymentId() == null ? object.object() : payment == null ? null : payment.intent();
            Cause cause = obvious(object);
            if (cause == null && stripeId != null && searchesLeft-- > 0) {
                LocalRecords.Event event = evidence.unfinished(stripeId);
                cause = event == null ? null : event.late() ? Cause.LATE_EVENT : Cause.IN_FLIGHT;
            }
            return found(kind, object, stripeId, cause == null ? Cause.UNKNOWN : cause, null, null);
        }

        /** The older it is, the less often there will be something new. */
        private boolean isFresh(Findings.Known before, Difference object) {
            Duration age = Duration.between(object.last(), before.lookedAt());
            return before.lookedAt().plus(age.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : age).isAfter(clock.instant());
        }

        /** Causes that need no search: age, a call of ours that is under way, an account that was disconnected. */
        private @Nullable Cause obvious(Difference object) {
            if (object.last().isAfter(young)) {
                return Cause.IN_FLIGHT;
            }
            // A pending import never comes once the account is disconnected, so that is checked first.
            if (evidence.disconnected(object)) {
                return Cause.DASHBOARD_ACTION;
            }
            return evidence.underWay(object) ? Cause.IN_FLIGHT : null;
        }
    }

    private static Findings.Key key(Difference object) {
        return new Findings.Key(object.account(), Kind.UNBOOKED, String.valueOf(object.object()));
    }

    private static Discrepancy unbooked(Difference object, LocalRecords.Line line, Cause cause, @Nullable Instant lookedAt) {
        return found(Kind.UNBOOKED, object, line.transaction(), cause, line.details(), lookedAt);
    }

    private static Discrepancy found(Kind kind, Difference object, @Nullable String stripeId, Cause cause,
            @Nullable String details,
            @Nullable Instant lookedAt) {
        return new Discrepancy(kind, object.account(), String.valueOf(object.object()), object.currency(),
                kind == Kind.UNMOVED ? object.pending() : object.total(), stripeId, object.paymentId(), cause, details,
                object.last(), lookedAt);
    }
}
