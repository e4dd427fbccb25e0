package io.coachpay.coach;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeAccounts;
import io.coachpay.stripe.StripeRefused;
import io.quarkus.arc.All;

/**
 * How a coach who disconnected the account comes back: with the same account where Stripe lets the platform read it again, and
 * with another one where it does not and the ledger has no money left in the old one.
 */
@ApplicationScoped
public class Reconnection {

    private static final Logger LOG = Logger.getLogger(Reconnection.class);

    private final Access access;
    private final ConnectedAccounts accounts;
    private final StripeAccounts stripe;
    private final List<MoneyUnderWay> underWay;

    Reconnection(Access access, ConnectedAccounts accounts, StripeAccounts stripe, @All List<MoneyUnderWay> underWay) {
        this.access = access;
        this.accounts = accounts;
        this.stripe = stripe;
        this.underWay = underWay;
    }

    /**
     * Reads a coach's account again, and goes on with it if Stripe lets us, as an administrator decides.
     *
     * @throws NotFound for somebody without an account (404)
     * @throws CoachRefused.Deauthorized while it is disconnected at Stripe (409)
     */
    void again(UUID coachId) {
        ConnectedAccount account = access.asService(() -> ConnectedAccount.ofUser(coachId));
        if (account == null || account.stripeId() == null) {
            throw new NotFound("connected account");
        }
        if (!account.deauthorized()) {
            accounts.readAgain(account.stripeId());
        } else if (!isConnectedAgain(account)) {
            throw new CoachRefused.Deauthorized();
        }
    }

    /** Whether Stripe lets us read an account again that was disconnected; then all goes on with it. Calls Stripe. */
    boolean isConnectedAgain(ConnectedAccount left) {
        String stripeId = left.stripeId();
        if (stripeId == null) {
            return false;
        }
        Instant sentAt = accounts.now();
        try {
            StripeAccount stripes = stripe.retrieve(stripeId);
            access.runAsService(() -> accounts.reconnected(stripes, sentAt, sentAt));
        } catch (StripeRefused.NotPermitted | StripeRefused.ResourceMissing notOurs) {
            LOG.debugf("Stripe tells nothing of %s any more: %s", stripeId, notOurs.getMessage());
            return false;
        }
        ConnectedAccount back = accounts.ofRow(left.id());
        if (back == null || back.deauthorized()) {
            return false;
        }
        accounts.makePayoutsOurs(back);
        return true;
    }

    /**
     * Makes room for another account in place of one that stays disconnected.
     *
     * @throws CoachRefused.Deauthorized while there is money in it, or on its way there, in our books (409)
     */
    void replace(ConnectedAccount left) {
        access.runAsService(() -> {
            ConnectedAccount account = ConnectedAccount.byId(left.id());
            if (account == null || !account.deauthorized()) {
                return;
            }
            if (account.hasMoneyLeft() || underWay.stream().anyMatch(each -> each.isUnderWay(account.userId()))) {
                throw new CoachRefused.Deauthorized();
            }
            LOG.infof("%s stays disconnected and is empty: its coach may begin another", account.stripeId());
            account.beginAnother(accounts.now());
        });
    }
}
