package io.coachpay.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.balance.BalanceRefresh;
import io.coachpay.coach.Reason;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeBalances;
import io.coachpay.stripe.StripePayout;
import io.coachpay.stripe.StripePayouts;
import io.coachpay.stripe.StripeRefused;

/** Asks Stripe for recorded payouts, and cancels those that have not left. */
@ApplicationScoped
class PayoutsAtStripe {

    private static final Logger LOG = Logger.getLogger(PayoutsAtStripe.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(6);

    private final Access access;
    private final PayoutBooks payouts;
    private final StripePayouts stripe;
    private final StripeBalances balances;
    private final BalanceRefresh refresh;
    private final IdempotentCalls once;
    private final PayoutFeesAtStripe fees;
    private final Clock clock;
    private final Creation<Row, StripePayout> creation;

    PayoutsAtStripe(Access access, PayoutBooks payouts, StripePayouts stripe, StripeBalances balances, BalanceRefresh refresh,
            IdempotentCalls once, PayoutFeesAtStripe fees, Clock clock) {
        this.access = access;
        this.payouts = payouts;
        this.stripe = stripe;
        this.balances = balances;
        this.refresh = refresh;
        this.once = once;
        this.fees = fees;
        this.clock = clock;
        this.creation = new Creation<>("payout", "create", this::read, this::find, this::create,
                (row, told, asked) -> told.id(), this::nextAttempt);
    }

    /**
     * A payout as it was read.
     *
     * @param account {@code acct_…} that it leaves from
     */
    private record Row(Payout payout, String account) {

        StripeBacked<Row> backed() {
            return new StripeBacked<>(this, payout.id(), payout.stripeId(), payout.progress().attempt(), payout.createdAt());
        }
    }

    /**
     * Refreshes our books of an account, and reads its balance at Stripe.
     *
     * @param account {@code acct_…}
     */
    StripeBalance balance(String account) {
        refresh.refresh(account);
        return balances.balance(account);
    }

    /**
     * Asks Stripe for a requested payout, or refreshes one that Stripe has. It is retried later if Stripe is away. Calls
     * Stripe, so no database transaction may be open.
     *
     * @return why Stripe refused it for good; null if it did not
     */
    @Nullable
    StripeRefused advance(UUID id) {
        return advance(id, new IdempotentCalls.Making<>(creation, id));
    }

    /** Asks Stripe for a payout that was requested just now. */
    @Nullable
    StripeRefused advance(Payout requested, String account) {
        return advance(requested.id(), new IdempotentCalls.Making<>(creation, new Row(requested, account).backed()));
    }

    private @Nullable StripeRefused advance(UUID id, IdempotentCalls.Making<Row, StripePayout> making) {
        try {
            IdempotentCalls.Ensured<StripePayout> ensured = once.ensure(making);
            String account = making.row().account();
            StripePayout told = ensured.orRetrieve(stripeId -> stripe.retrieve(account, stripeId));
            access.runAsService(() -> payouts.apply(account, told, clock.instant()));
            if (making.row().payout().fee().isOpen()) {
                fees.take(id);
            }
            return null;
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Payout %s is retried in %s: %s", id, limited.pause(), limited.getMessage());
            change(id, payout -> payout.progress().checkNext(clock.instant().plus(limited.pause())));
            return null;
        } catch (StripeAway | StripeRefused.KeyInUse later) {
            LOG.warnf("Payout %s is retried later: %s", id, later.getMessage());
            return null;
        } catch (StripeRefused refused) {
            return refused(id, making.attempt(), refused);
        }
    }

    private @Nullable StripeRefused refused(UUID id, int attempt, StripeRefused refused) {
        PayoutStatus status = access.asService(() -> payouts.refuse(id, attempt, refused));
        return switch (status) {
            case REQUESTED -> advance(id);
            case REFUSED -> refused;
            case PENDING, IN_TRANSIT, PAID, FAILED, CANCELED -> null;
        };
    }

    /**
     * Cancels a payout that has not left. Calls Stripe, so no database transaction may be open.
     *
     * @throws PayoutRefused.NotPending when Stripe cannot cancel it (409)
     * @throws PayoutRefused.Blocked when the coach has disconnected the account, so that Stripe refuses our calls (409)
     */
    void cancel(UUID id) {
        Row known = row(id);
        Payout payout = known.payout();
        String stripeId = payout.stripeId();
        if (payout.status() != PayoutStatus.PENDING || stripeId == null) {
            throw new PayoutRefused.NotPending(payout.status());
        }
        StripePayout told = canceled(known, stripeId);
        access.runAsService(() -> payouts.apply(known.account(), told, clock.instant()));
        PayoutStatus status = access.asService(() -> Payout.known(id)).status();
        if (status != PayoutStatus.CANCELED) {
            throw new PayoutRefused.NotPending(status);
        }
    }

    private StripePayout canceled(Row known, String stripeId) {
        try {
            return once.change(new Cancelling(known, stripeId));
        } catch (StripeRefused.UnexpectedState tooLate) {
            return stripe.retrieve(known.account(), stripeId);
        } catch (StripeRefused.NotPermitted disconnected) {
            throw new PayoutRefused.Blocked(List.of(Reason.ACCOUNT_DEAUTHORIZED));
        }
    }

    /** Cancels a payout at Stripe. */
    private final class Cancelling implements IdempotentCalls.Change<StripePayout> {

        private final Row known;
        private final String stripeId;

        Cancelling(Row known, String stripeId) {
            this.known = known;
            this.stripeId = stripeId;
        }

        @Override
        public int attempt() {
            return access.asService(() -> Payout.known(known.payout().id())).progress().attempt();
        }

        @Override
        public StripePayout call(int attempt) {
            return stripe.cancel(known.account(), stripeId,
                    IdempotentCalls.key("payout", known.payout().id(), "cancel", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            PayoutsAtStripe.this.nextAttempt(known.payout().id(), after);
        }
    }

    /** Takes the next step for payouts that are due, so many at most. */
    void check(int most) {
        OneByOne.forEachIsolated(access.asService(() -> due(most)), id -> {
            change(id, payout -> payout.progress().checkNext(clock.instant()
                    .plus(payout.status() == PayoutStatus.REQUESTED ? PayoutBooks.TAKEN_OVER_AFTER : BETWEEN_LOOKS)));
            advance(id);
        });
    }

    /** Lists those to be asked of Stripe or checked by now. Of disconnected accounts Stripe reports nothing. */
    private List<UUID> due(int most) {
        return Payout.find("select id from Payout where progress.checkAt <= ?1"
                + " and progress.status in (REQUESTED, PENDING, IN_TRANSIT)"
                + " and (progress.status = REQUESTED or connectedAccountId in"
                + " (select id from ConnectedAccount where connection.deauthorizedAt is null)) order by progress.checkAt",
                clock.instant()).project(UUID.class).page(0, most).list();
    }

    // ---- creating a payout at Stripe; advance() records the answers

    private StripeBacked<Row> read(UUID id) {
        return row(id).backed();
    }

    private Row row(UUID id) {
        return access.asService(() -> {
            Payout payout = Payout.known(id);
            return new Row(payout, payout.stripeAccount());
        });
    }

    private Optional<StripePayout> find(Row row) {
        return stripe.list(row.account(), row.payout().createdAt()).stream().filter(found -> found.isOf(row.payout().id()))
                .findFirst();
    }

    private Optional<StripePayout> create(Row row, String key) {
        Payout payout = row.payout();
        return Optional.of(stripe.create(row.account(),
                new StripePayouts.NewPayout(payout.id(), payout.amount(), payout.speed().instant()), key));
    }

    private void nextAttempt(UUID id, int after) {
        change(id, payout -> payout.progress().nextAttempt(after));
    }

    private void change(UUID id, Consumer<Payout> verb) {
        access.runAsService(() -> verb.accept(Payout.held(id)));
    }
}
