package io.coachpay.coach;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;

/**
 * The door to coaches' accounts at Stripe: shown to coaches and administrators. {@link Onboarding} creates them.
 *
 * @see <a href="https://docs.stripe.com/connect/accounts">Stripe: connected accounts</a>
 */
@ApplicationScoped
public class ConnectedAccounts {

    private final Access access;
    private final ConnectSettings settings;

    ConnectedAccounts(Access access, ConnectSettings settings) {
        this.access = access;
        this.settings = settings;
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
     * @throws NotFound when no coach of that id has one (404)
     */
    ConnectedAccount seen(Reference reference) {
        return access.asAdmin(() -> {
            ConnectedAccount account = reference.find(ConnectedAccount::ofUser, ConnectedAccountQueries::ofStripeId);
            if (account == null) {
                throw new NotFound("connected account");
            }
            return account;
        });
    }

    /**
     * Whether the platform can debit the account in that currency: both are in one region, and it is the account's own
     * currency.
     *
     * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
     */
    public boolean canDebit(ConnectedAccount account, String currency) {
        return currency.equals(account.mirrored().defaultCurrency())
                && Reach.debits(settings.platformCountry(), account.country());
    }
}
