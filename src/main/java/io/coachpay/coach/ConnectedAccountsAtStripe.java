package io.coachpay.coach;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeAccountSession;
import io.coachpay.stripe.StripeAccounts;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeBalanceSettings;
import io.coachpay.stripe.StripeLink;
import io.coachpay.stripe.StripeRefused;

/**
 * Creates coaches' accounts at Stripe, reads them again, makes their payouts ours to decide, and asks for links into Stripe's
 * pages. No database transaction is open while Stripe is called.
 */
@ApplicationScoped
class ConnectedAccountsAtStripe {

    private static final Logger LOG = Logger.getLogger(ConnectedAccountsAtStripe.class);
    private static final int SETTLED_AT_MOST = 100;
    private static final Duration AFTER_REFUSAL = Duration.ofHours(6);

    private final Access access;
    private final ConnectedAccountBooks books;
    private final StripeAccounts stripe;
    private final IdempotentCalls once;
    private final ConnectSettings settings;
    private final Clock clock;

    ConnectedAccountsAtStripe(Access access, ConnectedAccountBooks books, StripeAccounts stripe, IdempotentCalls once,
            ConnectSettings settings, Clock clock) {
        this.access = access;
        this.books = books;
        this.stripe = stripe;
        this.once = once;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Creates a coach's account at Stripe, unless there is one.
     *
     * @return whether it was created now
     * @throws CoachRefused.CountryRefused when Stripe does not accept the country or legal form, or payments do not reach that
     *         country (422)
     * @throws StripeRefused when Stripe is away; a repeated call resumes
     */
    boolean ensure(UUID userId, String country, BusinessType type) {
        IdempotentCalls.Making<ConnectedAccount, StripeAccount> making = new IdempotentCalls.Making<>(creation(country, type),
                userId);
        try {
            return once.ensure(making).fresh() != null;
        } catch (StripeRefused.InvalidRequest refused) {
            ConnectedAccount row = making.row();
            change(row.id(), account -> account.refused(row.connection().attempt()));
            throw new CoachRefused.CountryRefused(row.country(), type);
        }
    }

    /** A link into Stripe's form; it works once, for minutes. Never stored, never logged. */
    StripeLink onboardingLink(ConnectedAccount account, String back) {
        return stripe.onboardingLink(idOf(account), settings.refreshUrl(), back);
    }

    /** A link into a coach's dashboard at Stripe. Never stored, never logged. */
    StripeLink loginLink(ConnectedAccount account) {
        return stripe.loginLink(idOf(account));
    }

    /** A secret for Stripe's embedded components. Never stored, never logged. */
    StripeAccountSession session(ConnectedAccount account) {
        return stripe.accountSession(idOf(account));
    }

    private static String idOf(ConnectedAccount account) {
        String stripeId = account.stripeId();
        if (stripeId == null) {
            throw new NotFound("connected account");
        }
        return stripeId;
    }

    /** Reads an account again and mirrors it. Stripe refuses that for a disconnected one, which is left unchanged. */
    void refresh(String stripeId) {
        Instant sentAt = clock.instant();
        try {
            StripeAccount stripes = stripe.retrieve(stripeId);
            access.runAsService(() -> books.mirrorRead(stripes, sentAt));
        } catch (StripeRefused.NotPermitted disconnected) {
            LOG.debugf("Stripe does not let us read %s any more", stripeId);
        }
    }

    /** Reads a disconnected account again, and reconnects it if Stripe allows that. Returns whether it did. */
    boolean isConnectedAgain(ConnectedAccount left) {
        String stripeId = left.stripeId();
        if (stripeId == null) {
            return false;
        }
        Instant sentAt = clock.instant();
        try {
            StripeAccount stripes = stripe.retrieve(stripeId);
            access.runAsService(() -> books.reconnected(stripes, sentAt, sentAt));
        } catch (StripeRefused.NotPermitted | StripeRefused.ResourceMissing notOurs) {
            LOG.debugf("Stripe does not let us read %s any more: %s", stripeId, notOurs.getMessage());
            return false;
        }
        ConnectedAccount back = access.asService(() -> ConnectedAccount.byId(left.id()));
        if (back == null || back.deauthorized()) {
            return false;
        }
        makePayoutsOurs(back);
        return true;
    }

    /** Makes payouts ours to decide on all accounts where they are not yet, a bounded number of them. */
    void makePayoutsOurs() {
        OneByOne.forEachIsolated(
                access.asService(() -> books.takeWithoutManualPayouts(SETTLED_AT_MOST)),
                this::makePayoutsOurs);
    }

    /** Makes an account's payouts ours to decide. If Stripe is away, that only postpones it. */
    void makePayoutsOurs(ConnectedAccount account) {
        String stripeId = account.stripeId();
        if (stripeId == null || account.connection().payoutsManual() || account.deauthorized()) {
            return;
        }
        try {
            once.change(new MakingManual(account.id(), stripeId));
        } catch (StripeAway | StripeRefused.RateLimited | StripeRefused.KeyInUse later) {
            LOG.warnf("Payouts of %s are not ours to decide yet: %s", stripeId, later.getMessage());
        } catch (StripeRefused refused) {
            change(account.id(), ours -> ours.connection().payoutsRefused(clock.instant().plus(AFTER_REFUSAL)));
            LOG.warnf("Payouts of %s are not ours to decide yet: %s", stripeId, refused.getMessage());
        }
    }

    /**
     * Makes an account's payouts manual at Stripe. After success, a new attempt number counts only once they were given back.
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
            return access.asService(() -> known(row)).connection().attempt();
        }

        @Override
        public StripeBalanceSettings call(int attempt) {
            StripeBalanceSettings answer = stripe.makePayoutsManual(stripeId,
                    IdempotentCalls.key("connected_account", row, "manual_payouts", attempt));
            told = true;
            change(row, ours -> ours.connection().payoutsAreOurs(attempt));
            return answer;
        }

        @Override
        public void nextAttempt(int after) {
            if (!told) {
                change(row, ours -> ours.connection().nextAttempt(after));
            }
        }
    }

    void change(UUID row, Consumer<ConnectedAccount> verb) {
        access.runAsService(() -> verb.accept(known(row)));
    }

    private static ConnectedAccount known(UUID row) {
        return Objects.requireNonNull(ConnectedAccount.byId(row), "The row of an account does not go away");
    }

    // ---- creation of an account at Stripe

    private Creation<ConnectedAccount, StripeAccount> creation(String country, BusinessType type) {
        return new Creation<>("connected_account", "create", userId -> begun(userId, country, type), this::find, this::create,
                this::note, (row, after) -> change(row, account -> account.connection().nextAttempt(after)));
    }

    private StripeBacked<ConnectedAccount> begun(UUID userId, String country, BusinessType type) {
        return access.asService(() -> {
            if (CoachProfile.ofUser(userId) == null) {
                throw new CoachRefused.ProfileRequired();
            }
            ConnectedAccount known = ConnectedAccount.ofUser(userId);
            if ((known == null || known.stripeId() == null) && !Reach.reaches(settings.platformCountry(), country)) {
                throw CoachRefused.CountryRefused.outOfReach(country);
            }
            ConnectedAccount row = books.begin(userId, country, type);
            return new StripeBacked<>(row, row.id(), row.stripeId(), row.connection().attempt(),
                    row.connection().soughtFrom());
        });
    }

    private Optional<StripeAccount> find(ConnectedAccount row) {
        Instant sentAt = clock.instant();
        Optional<StripeAccount> found = stripe.find(row.id(), row.connection().soughtFrom()).stream().findFirst();
        if (found.isEmpty()) {
            change(row.id(), account -> account.connection().soughtInVain(sentAt));
        }
        return found;
    }

    private Optional<StripeAccount> create(ConnectedAccount row, String key) {
        BusinessType type = row.businessType();
        return Optional.of(stripe.create(row.id(), row.country(), type == null ? null : type.code(), null, key));
    }

    private @Nullable String note(ConnectedAccount row, StripeAccount made, Instant asked) {
        return access.asService(() -> {
            books.mirrorRead(made, asked);
            return known(row.id()).stripeId();
        });
    }
}
