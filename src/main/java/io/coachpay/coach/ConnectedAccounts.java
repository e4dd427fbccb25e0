package io.coachpay.coach;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;
import io.coachpay.inbox.MissingParent;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeAccounts;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBalanceSettings;
import io.coachpay.stripe.StripeRefused;

/**
 * The door to coaches' accounts at Stripe: what is said of them. {@link Onboarding} is where they are made.
 *
 * @see <a href="https://docs.stripe.com/connect/accounts">Stripe: connected accounts</a>
 */
@ApplicationScoped
public class ConnectedAccounts {

    private static final Logger LOG = Logger.getLogger(ConnectedAccounts.class);
    private static final int SETTLED_AT_MOST = 100;
    private static final Duration AFTER_REFUSAL = Duration.ofHours(6);

    private final Access access;
    private final StripeAccounts stripe;
    private final IdempotentCalls once;
    private final ConnectSettings settings;
    private final Clock clock;

    ConnectedAccounts(Access access, StripeAccounts stripe, IdempotentCalls once, ConnectSettings settings, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.once = once;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The signed-in coach's account.
     *
     * @throws NotFound when there is none (404)
     */
    @Transactional
    ConnectedAccount mine() {
        ConnectedAccount account = ConnectedAccount.ofUser(access.userId());
        if (account == null || account.stripeId() == null) {
            throw new NotFound("connected account");
        }
        return account;
    }

    /**
     * A coach's account, for administrators.
     *
     * @throws NotFound when nobody of that id has one (404)
     */
    ConnectedAccount seen(Reference reference) {
        return access.asAdmin(() -> {
            ConnectedAccount account = reference.find(ConnectedAccount::ofUser, ConnectedAccount::ofStripeId);
            if (account == null) {
                throw new NotFound("connected account");
            }
            return account;
        });
    }

    /**
     * Whether the platform can take money of that currency from the account: they are in one region, and it is the account's
     * own currency.
     *
     * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
     */
    public boolean canDebit(ConnectedAccount account, String currency) {
        return currency.equals(account.defaultCurrency()) && Reach.debits(settings.platformCountry(), account.country());
    }

    /** Takes over what Stripe says of an account at that second. */
    @Transactional(TxType.MANDATORY)
    public void mirror(StripeAccount stripes, Instant at) {
        if (!ConnectedAccount.isReplaced(stripes.id())) {
            mirror(noted(stripes), stripes, at);
        }
    }

    /**
     * Takes over an account that was read, as of the second in which it was asked for.
     *
     * @param sentAt when it was asked for
     * @return false when something of that second was taken over meanwhile: nobody knows which of the two came last, and the
     *         reading changes nothing
     */
    @Transactional(TxType.MANDATORY)
    public boolean mirrorRead(StripeAccount stripes, Instant sentAt) {
        return mirrorRead(stripes, sentAt, sentAt);
    }

    private boolean mirrorRead(StripeAccount stripes, Instant sentAt, Instant at) {
        if (ConnectedAccount.isReplaced(stripes.id())) {
            return true;
        }
        ConnectedAccount account = noted(stripes);
        if (account.isToldSince(sentAt, at.truncatedTo(ChronoUnit.SECONDS))) {
            return false;
        }
        mirror(account, stripes, at);
        return true;
    }

    private void mirror(ConnectedAccount account, StripeAccount stripes, Instant at) {
        if (stripes.id().equals(account.stripeId())) {
            account.mirror(stripes, at.truncatedTo(ChronoUnit.SECONDS), clock.instant());
            account.isReached(Reach.reaches(settings.platformCountry(), account.country()));
        }
    }

    /** The row that stands for an account, which knows it from now on. */
    private static ConnectedAccount noted(StripeAccount stripes) {
        ConnectedAccount account = ConnectedAccount.byStripeId(stripes.id());
        UUID row = stripes.coachpayId();
        if (account == null && row != null) {
            // The event may overtake the answer to the call that made the account.
            account = ConnectedAccount.byId(row);
        }
        if (account == null) {
            throw new MissingParent("connected account " + stripes.id());
        }
        account.made(stripes.id());
        return account;
    }

    /**
     * Stripe lets us read an account again that was disconnected: all goes on with it, as Stripe has it at that second.
     *
     * @param sentAt when it was asked for
     * @param at what the answer counts as of
     * @return false when something of that second was taken over meanwhile, and the reading changes nothing of the rest
     */
    @Transactional(TxType.MANDATORY)
    public boolean reconnected(StripeAccount stripes, Instant sentAt, Instant at) {
        known(stripes.id()).reconnect(at.truncatedTo(ChronoUnit.SECONDS));
        return mirrorRead(stripes, sentAt, at);
    }

    /** The coach disconnected the account. */
    @Transactional(TxType.MANDATORY)
    public void deauthorized(String stripeId, Instant at) {
        known(stripeId).deauthorize(at);
    }

    /** Somebody decided who decides on payouts; if it is Stripe now, it is told again soon. */
    @Transactional(TxType.MANDATORY)
    public void payoutsDecided(String stripeId, StripeBalanceSettings settings) {
        ConnectedAccount account = known(stripeId);
        if (!settings.isManual() && !account.deauthorized()) {
            LOG.warnf("Payouts of %s were given back to Stripe; they are made ours again", stripeId);
            account.payoutsAreStripes();
        }
    }

    /** The account as it is known; none that we made is unknown. */
    @Transactional(TxType.MANDATORY)
    ConnectedAccount known(String stripeId) {
        ConnectedAccount account = ConnectedAccount.byStripeId(stripeId);
        if (account == null) {
            throw new MissingParent("connected account " + stripeId);
        }
        return account;
    }

    /** Reads an account again, as Stripe has it now; of one that was disconnected Stripe tells no more. */
    void readAgain(String stripeId) {
        Instant sentAt = now();
        try {
            StripeAccount stripes = stripe.retrieve(stripeId);
            access.runAsService(() -> mirrorRead(stripes, sentAt));
        } catch (StripeRefused.NotPermitted disconnected) {
            LOG.debugf("Stripe tells nothing of %s any more", stripeId);
        }
    }

    /** Makes payouts ours to decide wherever they are not yet, a bounded number of them. */
    void makePayoutsOurs() {
        OneByOne.forEachIsolated(
                access.asService(() -> ConnectedAccount.takeWithoutManualPayouts(clock.instant(), SETTLED_AT_MOST)),
                this::makePayoutsOurs);
    }

    /** Makes an account's payouts ours to decide. Stripe being away puts it off, no more. */
    void makePayoutsOurs(ConnectedAccount account) {
        String stripeId = account.stripeId();
        if (stripeId == null || account.payoutsManual() || account.deauthorized()) {
            return;
        }
        try {
            once.change(new MakingManual(account.id(), stripeId));
        } catch (StripeAway | StripeRefused.RateLimited | StripeRefused.KeyInUse later) {
            LOG.warnf("Payouts of %s are not ours to decide yet: %s", stripeId, later.getMessage());
        } catch (StripeRefused refused) {
            change(account.id(), ours -> ours.payoutsRefused(clock.instant().plus(AFTER_REFUSAL)));
            LOG.warnf("Payouts of %s are not ours to decide yet: %s", stripeId, refused.getMessage());
        }
    }

    /**
     * Tells Stripe that an account's payouts are ours to decide. Once it knows, a number counts only if somebody gives them
     * back.
     */
    private final class MakingManual implements IdempotentCalls.Change<StripeBalanceSettings> {

        private final UUID row;
        private final String stripeId;
        private boolean told;

        MakingManual(UUID row, String stripeId) {
            this.row = row;
            this.stripeId = stripeId;
        }

        @Override
        public int attempt() {
            return access.asService(() -> known(row)).attempt();
        }

        @Override
        public StripeBalanceSettings call(int attempt) {
            StripeBalanceSettings answer = stripe.makePayoutsManual(stripeId,
                    IdempotentCalls.key("connected_account", row, "manual_payouts", attempt));
            told = true;
            change(row, ours -> ours.payoutsAreOurs(attempt));
            return answer;
        }

        @Override
        public void nextAttempt(int after) {
            if (!told) {
                change(row, ours -> ours.nextAttempt(after));
            }
        }
    }

    void change(UUID row, Consumer<ConnectedAccount> verb) {
        access.runAsService(() -> verb.accept(known(row)));
    }

    static ConnectedAccount known(UUID row) {
        ConnectedAccount account = ConnectedAccount.byId(row);
        if (account == null) {
            throw new IllegalStateException("The row of an account does not go away");
        }
        return account;
    }

    /** The row with that id, if it stands for an account. */
    @Nullable
    ConnectedAccount ofRow(UUID row) {
        return access.asService(() -> ConnectedAccount.byId(row));
    }

    Instant now() {
        return clock.instant();
    }
}
