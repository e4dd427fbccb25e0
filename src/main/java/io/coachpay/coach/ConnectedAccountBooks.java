package io.coachpay.coach;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;

import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeBalanceSettings;

/**
 * Records our side of coaches' accounts at Stripe, and mirrors Stripe's. Every verb runs inside the caller's database
 * transaction, and none calls Stripe.
 */
@ApplicationScoped
public class ConnectedAccountBooks {

    private static final Logger LOG = Logger.getLogger(ConnectedAccountBooks.class);

    private final ConnectSettings settings;
    private final Clock clock;

    ConnectedAccountBooks(ConnectSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Mirrors Stripe's state of an account as of that second. */
    @Transactional(TxType.MANDATORY)
    public void mirror(StripeAccount stripes, Instant at) {
        if (!ConnectedAccount.isReplaced(stripes.id())) {
            mirror(noted(stripes), stripes, at);
        }
    }

    /**
     * Mirrors an account that was read, as of the second of the request.
     *
     * @param sentAt the time of the request
     * @return false when another state of that second was mirrored meanwhile: which of the two is newer is unknown, and the
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

    /** Finds the row of an account, and records the account's id in it. */
    private static ConnectedAccount noted(StripeAccount stripes) {
        ConnectedAccount account = ConnectedAccount.byStripeId(stripes.id());
        UUID row = stripes.coachpayId();
        if (account == null && row != null) {
            // The event may arrive before the answer to the call that created the account.
            account = ConnectedAccount.byId(row);
        }
        if (account == null) {
            throw new MissingParent("connected account " + stripes.id());
        }
        account.made(stripes.id());
        return account;
    }

    /**
     * Reconnects an account that Stripe lets us read again, and mirrors it as of that second.
     *
     * @param sentAt the time of the request
     * @param at the time as of which the answer counts
     * @return false when another state of that second was mirrored meanwhile; then the account is only reconnected
     */
    @Transactional(TxType.MANDATORY)
    public boolean reconnected(StripeAccount stripes, Instant sentAt, Instant at) {
        known(stripes.id()).reconnect(at.truncatedTo(ChronoUnit.SECONDS));
        return mirrorRead(stripes, sentAt, at);
    }

    /** Records that the coach disconnected the account. */
    @Transactional(TxType.MANDATORY)
    public void deauthorized(String stripeId, Instant at) {
        known(stripeId).deauthorize(at);
    }

    /** Mirrors whether we or Stripe decide on payouts; if Stripe does now, they are made ours again soon. */
    @Transactional(TxType.MANDATORY)
    public void payoutsDecided(String stripeId, StripeBalanceSettings settings) {
        ConnectedAccount account = known(stripeId);
        if (!settings.isManual() && !account.deauthorized()) {
            LOG.warnf("Payouts of %s were given back to Stripe; they are made ours again", stripeId);
            account.payoutsAreStripes();
        }
    }

    /** The account of a row that must exist; else the event waits, since every account is ours. */
    @Transactional(TxType.MANDATORY)
    ConnectedAccount known(String stripeId) {
        ConnectedAccount account = ConnectedAccount.byStripeId(stripeId);
        if (account == null) {
            throw new MissingParent("connected account " + stripeId);
        }
        return account;
    }
}
