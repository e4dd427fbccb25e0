package io.coachpay.payout;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.coach.Reason;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripePayout;
import io.coachpay.stripe.StripePayouts;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.OnceAtStripe;

/**
 * Payouts at Stripe: made once for each row, and followed wherever Stripe speaks of them.
 *
 * @see <a href="https://docs.stripe.com/payouts">Stripe: payouts</a>
 */
@ApplicationScoped
public class Payouts {

    private static final Logger LOG = Logger.getLogger(Payouts.class);
    /** Until somebody else goes on with what was begun and not ended. */
    private static final Duration TAKEN_OVER_AFTER = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 5;
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(6);

    private final Access access;
    private final Standings standings;
    private final PayoutItems items;
    private final PayoutMarks marks;
    private final PayoutMetrics metrics;
    private final PayoutSettings settings;
    private final Ledger ledger;
    private final StripePayouts stripe;
    private final OnceAtStripe once;
    private final Clock clock;

    Payouts(Access access, Standings standings, PayoutItems items, PayoutMarks marks, PayoutMetrics metrics,
            PayoutSettings settings, Ledger ledger, StripePayouts stripe, OnceAtStripe once, Clock clock) {
        this.access = access;
        this.standings = standings;
        this.items = items;
        this.marks = marks;
        this.metrics = metrics;
        this.settings = settings;
        this.ledger = ledger;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
    }

    /**
     * Writes down that so much is to be paid out, and of which lines; nobody else can have them from then on. Stripe is asked
     * by
     * {@link #advance}, after the running transaction, which holds the coach.
     *
     * @param initiatedBy {@code run} or {@code coach}
     * @param period the due day it is for; null where no schedule asked
     */
    @Transactional(TxType.MANDATORY)
    Payout reserve(Standing standing, Money amount, Method method, String initiatedBy, @Nullable LocalDate period) {
        ConnectedAccount account = Objects.requireNonNull(standing.account(), "Without an account there is an obstacle");
        Instant now = clock.instant();
        Payout payout = Payout.requested(account, amount, method, initiatedBy, period, now, now.plus(TAKEN_OVER_AFTER));
        items.begin(payout);
        if (!payout.unallocated().isZero()) {
            throw new IllegalStateException("The lines of coach " + account.userId() + " do not add up to what is available: "
                    + payout.unallocated() + " of " + amount + " are missing");
        }
        return payout;
    }

    /**
     * Takes over what Stripe says about a payout and books it. One that is not known was made in Stripe's dashboard, and is
     * ours
     * all the same.
     *
     * @param account {@code acct_…}, whose payout it is
     * @param at when Stripe said so
     * @throws MissingParent when the account is none of ours
     */
    @Transactional(TxType.MANDATORY)
    public void conclude(String account, StripePayout told, Instant at) {
        ConnectedAccount owner = ConnectedAccount.ofStripeId(account);
        if (owner == null) {
            throw new MissingParent("connected account " + account);
        }
        standings.hold(owner.userId());
        Optional<Payout> known = find(owner, told);
        Payout payout = known.orElseGet(() -> Payout.adopted(owner, told, clock.instant()));
        Payout.Status before = payout.status();
        if (!payout.follow(told)) {
            return;
        }
        if (known.isEmpty()) {
            LOG.infof("Payout %s of %s was made in Stripe's dashboard", told.id(), account);
            items.begin(payout);
        }
        ledger.post(facts(payout, before, told, at));
        if (payout.isOver()) {
            over(payout, at);
        }
        if (before == Payout.Status.REQUESTED && payout.byRun()) {
            marks.wentWell(payout.userId(), told.amount().getCurrencyUnit().getCode());
        }
        metrics.count(payout.status().column(), payout.failureCode());
    }

    /** That it was created is told by whatever is told of it first. */
    private static List<Journal> facts(Payout payout, Payout.Status before, StripePayout told, Instant at) {
        List<Journal> facts = new ArrayList<>();
        facts.add(Postings.payoutCreated(told.id(), payout.userId(), told.amount(), told.created()));
        switch (payout.status()) {
            case PAID -> facts.add(Postings.payoutPaid(told.id(), payout.userId(), told.amount(), at));
            case FAILED, CANCELED -> facts.add(before == Payout.Status.PAID
                    ? Postings.payoutReturned(told.id(), payout.userId(), told.amount(), at)
                    : Postings.payoutFailed(told.id(), payout.userId(), told.amount(), at));
            case REQUESTED, PENDING, IN_TRANSIT, REFUSED -> {
            }
        }
        return facts;
    }

    /**
     * The money is available again. The next run would send it the same way, so it waits for somebody to look, longer each
     * time.
     */
    private void over(Payout payout, Instant at) {
        items.release(payout, at);
        String currency = payout.amount().getCurrencyUnit().getCode();
        Instant heard = at.isAfter(clock.instant()) ? at : clock.instant();
        int doublings = Math.min(Math.max(Payout.failedInARow(payout.userId(), currency) - 1, 0), MOST_DOUBLINGS);
        marks.pause(payout.userId(), currency, heard.plus(settings.pauseAfterFailure().multipliedBy(1L << doublings)));
        LOG.warnf("Payout %s (%s) of coach %s came back: %s, %s", payout.id(), payout.stripeId(), payout.userId(),
                payout.status().column(), payout.failureCode());
    }

    private static Optional<Payout> find(ConnectedAccount owner, StripePayout told) {
        return Optional.ofNullable(told.coachpayId()).flatMap(id -> Payout.<Payout> findByIdOptional(id))
                .filter(payout -> payout.isOf(told) && payout.userId().equals(owner.userId()))
                .or(() -> Payout.byStripeId(told.id()));
    }

    /**
     * Asks Stripe for a payout that was requested, or how one stands that it has. What Stripe being away leaves open is gone on
     * with later. Calls Stripe, so no transaction may be open.
     *
     * @return why Stripe refused it for good; null if it did not
     */
    @Nullable
    StripeRefused advance(UUID id) {
        return advance(new MakingPayout(id, access, stripe));
    }

    /** The same, with a payout that was requested just now. */
    @Nullable
    StripeRefused advance(Payout requested, String account) {
        return advance(new MakingPayout(requested, account, access, stripe));
    }

    private @Nullable StripeRefused advance(MakingPayout making) {
        try {
            StripePayout told = making.told(once.idOf(making));
            access.runAsService(() -> conclude(making.account(), told, clock.instant()));
            return null;
        } catch (StripeAway | StripeRefused.KeyInUse | StripeRefused.RateLimited | StripeRefused.KeyReused later) {
            LOG.warnf("Payout %s is looked at again later: %s", making.id(), later.getMessage());
            return null;
        } catch (StripeRefused refused) {
            return refused(making.id(), making.payout().attempt(), refused);
        }
    }

    private @Nullable StripeRefused refused(UUID id, int attempt, StripeRefused refused) {
        Payout.Status status = access.asService(() -> {
            Payout payout = Payout.held(id);
            refused(payout, attempt, refused);
            return payout.status();
        });
        return switch (status) {
            case REQUESTED -> advance(id);
            case REFUSED -> refused;
            case PENDING, IN_TRANSIT, PAID, FAILED, CANCELED -> null;
        };
    }

    /**
     * Several may have made that attempt: whoever hears of it after another has concluded something from it, concludes nothing.
     */
    private void refused(Payout payout, int attempt, StripeRefused refused) {
        if (payout.status() != Payout.Status.REQUESTED || payout.attempt() != attempt) {
            LOG.infof("Payout %s has gone on from attempt %d, which was refused: %s", payout.id(), attempt,
                    refused.getMessage());
        } else if (payout.instant()) {
            payout.fallBack(Method.reason(refused));
        } else {
            refuse(payout, refused);
        }
    }

    private void refuse(Payout payout, StripeRefused refused) {
        String code = refused.reason().code() == null ? refused.outcome() : refused.reason().code();
        payout.refuse(code, refused.reason().message());
        items.release(payout, clock.instant());
        if (payout.byRun()) {
            marks.putOff(payout.userId(), payout.amount().getCurrencyUnit().getCode(), payout.period(), code,
                    clock.instant());
        }
        metrics.count(payout.status().column(), code);
        LOG.errorf("Stripe refused payout %s: %s", payout.id(), refused.getMessage());
    }

    /** Finds lines for payouts made elsewhere, as far as there are some by now. */
    @Transactional(TxType.MANDATORY)
    void allocateRest(UUID coach) {
        standings.hold(coach);
        items.allocate(coach);
    }

    /**
     * Takes a payout back that has not left. Calls Stripe, so no transaction may be open.
     *
     * @throws PayoutRefused.NotPending when Stripe cannot take it back (409)
     * @throws PayoutRefused.Blocked when the coach has disconnected the account, so that Stripe does not listen to us (409)
     */
    void cancel(UUID id) {
        MakingPayout known = new MakingPayout(id, access, stripe);
        String stripeId = known.standing().stripeId();
        Payout payout = known.payout();
        if (payout.status() != Payout.Status.PENDING || stripeId == null) {
            throw new PayoutRefused.NotPending(payout.status());
        }
        StripePayout told = canceled(known, stripeId);
        access.runAsService(() -> conclude(known.account(), told, clock.instant()));
        Payout.Status status = access.asService(() -> Payout.known(id)).status();
        if (status != Payout.Status.CANCELED) {
            throw new PayoutRefused.NotPending(status);
        }
    }

    private StripePayout canceled(MakingPayout known, String stripeId) {
        Payout payout = known.payout();
        try {
            return stripe.cancel(known.account(), stripeId, "payout:" + payout.id() + ":cancel:" + payout.attempt());
        } catch (StripeRefused.UnexpectedState tooLate) {
            return stripe.retrieve(known.account(), stripeId);
        } catch (StripeRefused.NotPermitted disconnected) {
            throw new PayoutRefused.Blocked(List.of(Reason.ACCOUNT_DEAUTHORIZED));
        } catch (StripeAway away) {
            if (away.storedAnswer()) {
                known.nextAttempt(payout.attempt());
            }
            throw away;
        }
    }

    /** Goes on with payouts whose time for a look has come, so many at most. */
    void check(int most) {
        for (UUID id : access.asService(() -> Payout.due(clock.instant(), most))) {
            change(id, payout -> payout.checkNext(clock.instant()
                    .plus(payout.status() == Payout.Status.REQUESTED ? TAKEN_OVER_AFTER : BETWEEN_LOOKS)));
            advance(id);
        }
    }

    private void change(UUID id, Consumer<Payout> verb) {
        access.runAsService(() -> verb.accept(Payout.held(id)));
    }
}
