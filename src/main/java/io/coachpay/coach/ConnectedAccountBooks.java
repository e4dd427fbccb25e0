package io.coachpay.coach;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;

import io.coachpay.access.Ids;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeBalanceSettings;
import io.quarkus.panache.common.Parameters;

/**
 * Records our side of coaches' accounts at Stripe, and mirrors Stripe's. Every verb runs inside the caller's database
 * transaction, and none calls Stripe.
 */
@ApplicationScoped
public class ConnectedAccountBooks {

    private static final Logger LOG = Logger.getLogger(ConnectedAccountBooks.class);

    private static final String INSERT = """
            insert into stripe_connected_accounts (id, user_id, country, business_type, created_at, sought_from)
            values (:id, :user, :country, :type, :now, :now) on conflict (user_id) do nothing""";
    private static final String TAKE_NOT_MANUAL = """
            update stripe_connected_accounts set payouts_tried_at = clock_timestamp()
             where id in (select id from stripe_connected_accounts
                           where not payouts_manual and stripe_account_id is not null and deauthorized_at is null
                             and (payouts_asked_next is null or payouts_asked_next <= :now)
                           order by payouts_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

    private final ConnectSettings settings;
    private final EntityManager entities;
    private final Clock clock;

    ConnectedAccountBooks(ConnectSettings settings, EntityManager entities, Clock clock) {
        this.settings = settings;
        this.entities = entities;
        this.clock = clock;
    }

    /** Finds the user's row or inserts it. After a refusal of Stripe's, country and kind of business may change. */
    @Transactional(TxType.MANDATORY)
    ConnectedAccount begin(UUID userId, String country, BusinessType type) {
        ConnectedAccount known = ConnectedAccount.ofUser(userId);
        if (known == null) {
            entities.createNativeQuery(INSERT).setParameter("id", Ids.next()).setParameter("user", userId)
                    .setParameter("country", country).setParameter("type", type.column)
                    .setParameter("now", clock.instant()).executeUpdate();
            known = Objects.requireNonNull(ConnectedAccount.ofUser(userId), "A row was inserted or was there before");
        }
        if (known.isRefused()) {
            entities.refresh(known, LockModeType.PESSIMISTIC_WRITE);
            known.restate(country, type);
        }
        return known;
    }

    /**
     * Takes accounts whose payouts Stripe may still decide on and has not just refused, longest not tried first. Each of them
     * is due again after the others, also after a failure.
     */
    @Transactional(TxType.MANDATORY)
    List<ConnectedAccount> takeWithoutManualPayouts(int atMost) {
        List<UUID> taken = entities.createNativeQuery(TAKE_NOT_MANUAL, UUID.class).setParameter("now", clock.instant())
                .setParameter("most", atMost).getResultStream().map(UUID.class::cast).toList();
        return taken.isEmpty() ? List.of() : ConnectedAccount.list("id in ?1", taken);
    }

    /** Updates for each account whether payments of the platform reach its country. */
    @Transactional(TxType.MANDATORY)
    void compareReach() {
        List<String> countries = ConnectedAccount.find("select distinct country from ConnectedAccount").project(String.class)
                .list();
        for (String country : countries) {
            ConnectedAccount.update("outOfReach = :out where country = :country and outOfReach <> :out",
                    Parameters.with("out", !Reach.reaches(settings.platformCountry(), country)).and("country", country));
        }
    }

    /** Mirrors Stripe's state of an account as of that second. */
    @Transactional(TxType.MANDATORY)
    public void mirror(StripeAccount stripes, Instant at) {
        if (!ConnectedAccountQueries.isReplaced(stripes.id())) {
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
        if (ConnectedAccountQueries.isReplaced(stripes.id())) {
            return true;
        }
        ConnectedAccount account = noted(stripes);
        if (account.mirrored().isToldSince(sentAt, at.truncatedTo(ChronoUnit.SECONDS))) {
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
        known(stripes.id()).connection().reconnect(at.truncatedTo(ChronoUnit.SECONDS));
        return mirrorRead(stripes, sentAt, at);
    }

    /** Records that the coach disconnected the account. */
    @Transactional(TxType.MANDATORY)
    public void deauthorized(String stripeId, Instant at) {
        known(stripeId).connection().deauthorize(at);
    }

    /** Mirrors whether we or Stripe decide on payouts; if Stripe does now, they are made ours again soon. */
    @Transactional(TxType.MANDATORY)
    public void payoutsDecided(String stripeId, StripeBalanceSettings settings) {
        ConnectedAccount account = known(stripeId);
        if (!settings.isManual() && !account.deauthorized()) {
            LOG.warnf("Payouts of %s were given back to Stripe; they are made ours again", stripeId);
            account.connection().payoutsAreStripes();
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
