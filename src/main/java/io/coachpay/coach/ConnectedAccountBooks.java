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
 * What we hold about coaches' accounts at Stripe, as Stripe tells it. Every verb runs inside the caller's database transaction,
 * and none calls Stripe.
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
}
