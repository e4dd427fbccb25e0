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

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.coach.ConnectedAccount;
import io.coachpay.coach.ConnectedAccountQueries;
import io.coachpay.inbox.MissingParent;
import io.coachpay.job.Backoff;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.stripe.StripePayout;
import io.coachpay.stripe.StripeRefused;

/**
 * Writes payouts: reserved before Stripe is asked, booked from Stripe's reports, and ended where Stripe refuses them.
 *
 * @see <a href="https://docs.stripe.com/payouts">Stripe: payouts</a>
 */
@ApplicationScoped
public class PayoutBooks {

    private static final Logger LOG = Logger.getLogger(PayoutBooks.class);
    /** After so long another worker resumes a payout that was begun and not finished. */
    static final Duration TAKEN_OVER_AFTER = Duration.ofMinutes(1);
    /** The longest pause, as a multiple of the first. */
    private static final int LONGEST_PAUSE = 32;

    private final Standings standings;
    private final PayoutItems items;
    private final PayoutCalendar calendar;
    private final PayoutMetrics metrics;
    private final PayoutSettings settings;
    private final Ledger ledger;
    private final Clock clock;

    PayoutBooks(Standings standings, PayoutItems items, PayoutCalendar calendar, PayoutMetrics metrics, PayoutSettings settings,
            Ledger ledger, Clock clock) {
        this.standings = standings;
        this.items = items;
        this.calendar = calendar;
        this.metrics = metrics;
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Records a payout and reserves its lines, which no other payout can take from then on. {@link PayoutsAtStripe#advance}
     * asks Stripe after the caller's database transaction, which holds the coach.
     *
     * @param fee the coach's cost besides the amount
     * @param initiatedBy {@code run} or {@code coach}
     * @param period the due day it is for; null without a schedule
     */
    @Transactional(TxType.MANDATORY)
    Payout reserve(PayoutEligibility standing, Money amount, PayoutSpeed method, Money fee, String initiatedBy,
            @Nullable LocalDate period,
            @Nullable UUID request) {
        ConnectedAccount account = Objects.requireNonNull(standing.account(), "Without an account nothing can be paid");
        Instant now = clock.instant();
        PayoutOrigin origin = new PayoutOrigin(initiatedBy, period, request, standing.holding().until(), now);
        Payout payout = Payout.requested(account, amount, method, origin, now.plus(TAKEN_OVER_AFTER));
        if (!fee.isZero()) {
            payout.costing(fee, now.plus(TAKEN_OVER_AFTER));
        }
        items.begin(payout);
        if (!payout.unallocated().isZero()) {
            throw new PayoutItems.Changed("The lines of coach " + account.userId() + " do not add up to what is available: "
                    + payout.unallocated() + " of " + amount + " are missing", null);
        }
        return payout;
    }

    /**
     * Records Stripe's refusal of a payout, once: several workers may have made that attempt, and a later answer to it is
     * ignored. An instant payout becomes a standard one, which Stripe is asked for next; any other is over.
     *
     * @return its state now
     */
    @Transactional(TxType.MANDATORY)
    PayoutStatus refuse(UUID id, int attempt, StripeRefused refused) {
        Payout payout = Payout.held(id);
        if (!payout.progress().isAt(attempt)) {
            LOG.infof("Payout %s is past attempt %d, which was refused: %s", id, attempt, refused.getMessage());
        } else if (payout.speed().instant()) {
            payout.fallBack(PayoutSpeed.reason(refused));
        } else {
            refuse(payout, refused);
        }
        return payout.status();
    }

    private void refuse(Payout payout, StripeRefused refused) {
        String code = refused.reason().code() == null ? refused.outcome() : refused.reason().code();
        payout.progress().refuse(code, refused.reason().message());
        items.release(payout, clock.instant());
        if (payout.origin().byRun()) {
            calendar.postpone(payout.userId(), payout.amount().getCurrencyUnit().getCode(), payout.origin().period(), code,
                    clock.instant());
        }
        metrics.count(payout.status().column(), code);
        LOG.errorf("Stripe refused payout %s: %s", payout.id(), refused.getMessage());
    }

    /**
     * Applies a payout of Stripe's and books it. An unknown one was made in Stripe's dashboard, and is adopted.
     *
     * @param account {@code acct_…} of the payout; one that the coach has replaced is the coach's still
     * @param at when Stripe said so
     * @throws MissingParent when the account is not ours
     */
    @Transactional(TxType.MANDATORY)
    public void apply(String account, StripePayout told, Instant at) {
        ConnectedAccount owner = ConnectedAccountQueries.ofStripeId(account);
        if (owner == null) {
            throw new MissingParent("connected account " + account);
        }
        standings.hold(owner.userId());
        Optional<Payout> known = find(owner, told);
        Payout payout = known.orElseGet(() -> Payout.adopted(owner, told, clock.instant()));
        PayoutStatus before = payout.status();
        if (!payout.progress().apply(told)) {
            return;
        }
        if (known.isEmpty()) {
            LOG.infof("Payout %s of %s was made in Stripe's dashboard", told.id(), account);
            items.begin(payout);
        }
        ledger.post(facts(payout, before, told, at));
        if (payout.status().isOver()) {
            over(payout, at);
        }
        if (before == PayoutStatus.REQUESTED && payout.origin().byRun()) {
            calendar.resetBackoff(payout.userId(), told.amount().getCurrencyUnit().getCode());
        }
        metrics.count(payout.status().column(), payout.progress().failureCode());
    }

    /** Whichever report comes first also books that the payout was created. */
    private static List<Journal> facts(Payout payout, PayoutStatus before, StripePayout told, Instant at) {
        List<Journal> facts = new ArrayList<>();
        facts.add(Postings.payoutCreated(told.id(), payout.userId(), told.amount(), told.created()));
        switch (payout.status()) {
            case PAID -> facts.add(Postings.payoutPaid(told.id(), payout.userId(), told.amount(), at));
            case FAILED, CANCELED -> facts.add(before == PayoutStatus.PAID
                    ? Postings.payoutReturned(told.id(), payout.userId(), told.amount(), at)
                    : Postings.payoutFailed(told.id(), payout.userId(), told.amount(), at));
            case REQUESTED, PENDING, IN_TRANSIT, REFUSED -> {
            }
        }
        return facts;
    }

    /**
     * Releases the payout's items and pauses scheduled payouts of this coach and currency. The pause doubles with each failure
     * in a row (at most 32 times the first), so that the bank account can be fixed first.
     */
    private void over(Payout payout, Instant at) {
        items.release(payout, at);
        String currency = payout.amount().getCurrencyUnit().getCode();
        Instant heard = at.isAfter(clock.instant()) ? at : clock.instant();
        Duration first = settings.pauseAfterFailure();
        Backoff pauses = Backoff.doubling(first, first.multipliedBy(LONGEST_PAUSE));
        calendar.pause(payout.userId(), currency, heard.plus(pauses.after(Payout.failedInARow(payout.userId(), currency))));
        LOG.warnf("Payout %s (%s) of coach %s came back: %s, %s", payout.id(), payout.stripeId(), payout.userId(),
                payout.status().column(), payout.progress().failureCode());
    }

    private static Optional<Payout> find(ConnectedAccount owner, StripePayout told) {
        return Optional.ofNullable(told.coachpayId()).flatMap(id -> Payout.<Payout> findByIdOptional(id))
                .filter(payout -> payout.isOf(told) && payout.userId().equals(owner.userId()))
                .or(() -> Payout.byStripeId(told.id()));
    }

    /** Finds lines for payouts made elsewhere, as far as there are lines by now. */
    @Transactional(TxType.MANDATORY)
    void allocateRest(UUID coach) {
        standings.hold(coach);
        items.allocate(coach);
    }
}
