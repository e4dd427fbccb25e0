package io.coachpay.coach;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.PublicAddress;
import io.coachpay.http.RateLimits;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeAccountSession;
import io.coachpay.stripe.StripeAccounts;
import io.coachpay.stripe.StripeLink;
import io.coachpay.stripe.StripeRefused;
import io.quarkus.security.identity.SecurityIdentity;

/**
 * How a coach gets an account at Stripe, and in and out of Stripe's pages.
 *
 * @see <a href="https://docs.stripe.com/connect/hosted-onboarding">Stripe: hosted onboarding</a>
 */
@ApplicationScoped
class Onboarding {

    private final Access access;
    private final SecurityIdentity caller;
    private final ConnectedAccounts accounts;
    private final Reconnection reconnection;
    private final StripeAccounts stripe;
    private final IdempotentCalls once;
    private final OnboardingState states;
    private final RateLimits limits;
    private final ConnectSettings settings;
    private final Clock clock;
    private final PublicAddress addresses;

    Onboarding(Access access, SecurityIdentity caller, ConnectedAccounts accounts, Reconnection reconnection,
            StripeAccounts stripe, IdempotentCalls once,
            OnboardingState states, RateLimits limits, ConnectSettings settings, Clock clock,
            PublicAddress addresses) {
        this.access = access;
        this.caller = caller;
        this.accounts = accounts;
        this.reconnection = reconnection;
        this.stripe = stripe;
        this.once = once;
        this.states = states;
        this.limits = limits;
        this.settings = settings;
        this.clock = clock;
        this.addresses = addresses;
    }

    /**
     * Gets the signed-in coach an account at Stripe; there is one at most, whatever country is asked for the second time.
     *
     * @return whether it was made just now
     * @throws CoachRefused.ProfileRequired for somebody without a profile (409)
     * @throws CoachRefused.CountryRefused when Stripe does not take country or kind of business, or payments do not reach
     *         that country (422)
     * @throws CoachRefused.Deauthorized when the account before was disconnected with money in it (409)
     * @throws StripeRefused when Stripe is away; asking again goes on from there
     */
    boolean begin(String country, BusinessType type) {
        comeBack(access.userId(), country);
        IdempotentCalls.Making<ConnectedAccount, StripeAccount> making = new IdempotentCalls.Making<>(creation(country, type),
                access.userId());
        boolean made;
        try {
            made = once.ensure(making).fresh() != null;
        } catch (StripeRefused.InvalidRequest refused) {
            ConnectedAccount row = making.row();
            accounts.change(row.id(), account -> account.refused(row.attempt()));
            throw new CoachRefused.CountryRefused(row.country(), type);
        }
        if (made) {
            accounts.makePayoutsOurs(accounts.mine());
        }
        return made;
    }

    /** Whoever had disconnected an account goes on with it, or begins another if it stays disconnected. */
    private void comeBack(UUID userId, String country) {
        ConnectedAccount left = access.asService(() -> ConnectedAccount.ofUser(userId));
        if (left == null || !left.deauthorized() || reconnection.isConnectedAgain(left)) {
            return;
        }
        if (!Reach.reaches(settings.platformCountry(), country)) {
            throw CoachRefused.CountryRefused.outOfReach(country);
        }
        reconnection.replace(left);
    }

    /** A link into Stripe's form for the signed-in coach; it works once, for minutes. Never stored, never logged. */
    StripeLink link() {
        return link(usable(accounts.mine()));
    }

    /** A browser came back from Stripe, which says nothing: the account is read again. Returns whether it was. */
    boolean cameBack(@Nullable String state) {
        ConnectedAccount account = byState(state);
        if (account == null || account.stripeId() == null || !limits.mayAskStripe(account.userId())) {
            return false;
        }
        if (!account.deauthorized()) {
            accounts.readAgain(account.stripeId());
        } else {
            reconnection.isConnectedAgain(account);
        }
        return true;
    }

    /** A link into the signed-in coach's dashboard at Stripe. Never stored, never logged. */
    StripeLink dashboard() {
        ConnectedAccount account = usable(accounts.mine());
        if (!account.detailsSubmitted()) {
            throw new CoachRefused.OnboardingIncomplete();
        }
        return stripe.loginLink(idOf(account));
    }

    /** What Stripe's embedded components need for the signed-in coach. Never stored, never logged. */
    StripeAccountSession session() {
        return stripe.accountSession(idOf(usable(accounts.mine())));
    }

    private StripeLink link(ConnectedAccount account) {
        String back = addresses.of("/connect/return").queryParam("state", states.of(account.id())).build().toString();
        return stripe.onboardingLink(idOf(account), settings.refreshUrl(), back);
    }

    /** Somebody who is signed in can only come back as themselves. */
    private @Nullable ConnectedAccount byState(@Nullable String state) {
        UUID row = states.row(state);
        ConnectedAccount account = row == null ? null : accounts.ofRow(row);
        return account == null || account.stripeId() == null || isAnotherPersons(account) ? null : account;
    }

    private boolean isAnotherPersons(ConnectedAccount account) {
        return !caller.isAnonymous() && !account.userId().equals(access.userId());
    }

    private ConnectedAccount usable(ConnectedAccount account) {
        if (!account.deauthorized()) {
            return account;
        }
        if (!reconnection.isConnectedAgain(account)) {
            throw new CoachRefused.Deauthorized();
        }
        return accounts.mine();
    }

    private static String idOf(ConnectedAccount account) {
        String stripeId = account.stripeId();
        if (stripeId == null) {
            throw new NotFound("connected account");
        }
        return stripeId;
    }

    // ---- how an account is made at Stripe

    private Creation<ConnectedAccount, StripeAccount> creation(String country, BusinessType type) {
        return new Creation<>("connected_account", "create", userId -> begun(userId, country, type), this::find, this::create,
                this::note, (row, after) -> accounts.change(row, account -> account.nextAttempt(after)));
    }

    private ConnectedAccount begun(UUID userId, String country, BusinessType type) {
        return access.asService(() -> {
            if (CoachProfile.ofUser(userId) == null) {
                throw new CoachRefused.ProfileRequired();
            }
            ConnectedAccount known = ConnectedAccount.ofUser(userId);
            if ((known == null || known.stripeId() == null) && !Reach.reaches(settings.platformCountry(), country)) {
                throw CoachRefused.CountryRefused.outOfReach(country);
            }
            return ConnectedAccount.begun(userId, country, type, clock.instant());
        });
    }

    private Optional<StripeAccount> find(ConnectedAccount row) {
        Instant sentAt = accounts.now();
        Optional<StripeAccount> found = stripe.find(row.id(), row.soughtFrom()).stream().findFirst();
        if (found.isEmpty()) {
            accounts.change(row.id(), account -> account.soughtInVain(sentAt));
        }
        return found;
    }

    private Optional<StripeAccount> create(ConnectedAccount row, String key) {
        BusinessType type = row.businessType();
        return Optional.of(stripe.create(row.id(), row.country(), type == null ? null : type.code(), null, key));
    }

    private @Nullable String note(ConnectedAccount row, StripeAccount made, Instant asked) {
        return access.asService(() -> {
            accounts.mirrorRead(made, asked);
            return ConnectedAccounts.known(row.id()).stripeId();
        });
    }
}
