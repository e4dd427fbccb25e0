package io.coachpay.coach;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.PublicAddress;
import io.coachpay.http.RateLimits;
import io.coachpay.stripe.StripeAccountSession;
import io.coachpay.stripe.StripeLink;
import io.coachpay.stripe.StripeRefused;
import io.quarkus.security.identity.SecurityIdentity;

/**
 * The door to onboarding: gives a coach an account at Stripe, and links into Stripe's pages.
 *
 * @see <a href="https://docs.stripe.com/connect/hosted-onboarding">Stripe: hosted onboarding</a>
 */
@ApplicationScoped
class Onboarding {

    private final Access access;
    private final SecurityIdentity caller;
    private final ConnectedAccounts accounts;
    private final Reconnection reconnection;
    private final ConnectedAccountsAtStripe atStripe;
    private final OnboardingState states;
    private final RateLimits limits;
    private final ConnectSettings settings;
    private final PublicAddress addresses;

    Onboarding(Access access, SecurityIdentity caller, ConnectedAccounts accounts, Reconnection reconnection,
            ConnectedAccountsAtStripe atStripe, OnboardingState states, RateLimits limits, ConnectSettings settings,
            PublicAddress addresses) {
        this.access = access;
        this.caller = caller;
        this.accounts = accounts;
        this.reconnection = reconnection;
        this.atStripe = atStripe;
        this.states = states;
        this.limits = limits;
        this.settings = settings;
        this.addresses = addresses;
    }

    /**
     * Creates the signed-in coach's account at Stripe. There is one at most, even if a second request names another country.
     *
     * @return whether it was created now
     * @throws CoachRefused.ProfileRequired for a person without a profile (409)
     * @throws CoachRefused.CountryRefused when Stripe does not accept the country or legal form, or payments do not reach that
     *         country (422)
     * @throws CoachRefused.Deauthorized when the earlier account was disconnected with money in it (409)
     * @throws StripeRefused when Stripe is away; a repeated call resumes
     */
    boolean begin(String country, BusinessType type) {
        comeBack(access.userId(), country);
        boolean made = atStripe.ensure(access.userId(), country, type);
        if (made) {
            atStripe.makePayoutsOurs(accounts.mine());
        }
        return made;
    }

    /** Reconnects a disconnected account, or makes room for another if it stays disconnected. */
    private void comeBack(UUID userId, String country) {
        ConnectedAccount left = access.asService(() -> ConnectedAccount.ofUser(userId));
        if (left == null || !left.deauthorized() || atStripe.isConnectedAgain(left)) {
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

    /** Reads the account again after a browser came back, which itself proves nothing. Returns whether it was read. */
    boolean cameBack(@Nullable String state) {
        ConnectedAccount account = byState(state);
        if (account == null || account.stripeId() == null || !limits.mayAskStripe(account.userId())) {
            return false;
        }
        if (!account.deauthorized()) {
            atStripe.refresh(account.stripeId());
        } else {
            atStripe.isConnectedAgain(account);
        }
        return true;
    }

    /** A link into the signed-in coach's dashboard at Stripe. Never stored, never logged. */
    StripeLink dashboard() {
        ConnectedAccount account = usable(accounts.mine());
        if (!account.mirrored().detailsSubmitted()) {
            throw new CoachRefused.OnboardingIncomplete();
        }
        return atStripe.loginLink(account);
    }

    /** A secret for Stripe's embedded components, for the signed-in coach. Never stored, never logged. */
    StripeAccountSession session() {
        return atStripe.session(usable(accounts.mine()));
    }

    private StripeLink link(ConnectedAccount account) {
        String back = addresses.of("/connect/return").queryParam("state", states.of(account.id())).build().toString();
        return atStripe.onboardingLink(account, back);
    }

    /** Finds the account by its state; a signed-in person finds only their own. */
    private @Nullable ConnectedAccount byState(@Nullable String state) {
        UUID row = states.row(state);
        ConnectedAccount account = row == null ? null : access.asService(() -> ConnectedAccount.byId(row));
        return account == null || account.stripeId() == null || isAnotherPersons(account) ? null : account;
    }

    private boolean isAnotherPersons(ConnectedAccount account) {
        return !caller.isAnonymous() && !account.userId().equals(access.userId());
    }

    private ConnectedAccount usable(ConnectedAccount account) {
        if (!account.deauthorized()) {
            return account;
        }
        if (!atStripe.isConnectedAgain(account)) {
            throw new CoachRefused.Deauthorized();
        }
        return accounts.mine();
    }
}
