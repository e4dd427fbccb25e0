package io.coachpay.coach;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.quarkus.arc.All;

/**
 * The door back for a coach who disconnected the account: with the same account if Stripe lets the platform read it again, or
 * else with another one, provided the ledger has no money left in the old one.
 */
@ApplicationScoped
public class Reconnection {

    private static final Logger LOG = Logger.getLogger(Reconnection.class);

    private static final String MONEY_LEFT = """
            select exists (select from ledger_accounts
                            where owner_id = :user and kind in ('coach_pending', 'coach_available', 'coach_in_transit') and balance <> 0)""";

    private final Access access;
    private final ConnectedAccountsAtStripe atStripe;
    private final List<MoneyUnderWay> underWay;
    private final EntityManager entities;
    private final Clock clock;

    Reconnection(Access access, ConnectedAccountsAtStripe atStripe, @All List<MoneyUnderWay> underWay, EntityManager entities,
            Clock clock) {
        this.access = access;
        this.atStripe = atStripe;
        this.underWay = underWay;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Reads a coach's account again, at an administrator's request, and continues with it if Stripe allows that.
     *
     * @throws NotFound for a person without an account (404)
     * @throws CoachRefused.Deauthorized while it is disconnected at Stripe (409)
     */
    void again(UUID coachId) {
        ConnectedAccount account = access.asService(() -> ConnectedAccount.ofUser(coachId));
        if (account == null || account.stripeId() == null) {
            throw new NotFound("connected account");
        }
        if (!account.deauthorized()) {
            atStripe.refresh(account.stripeId());
        } else if (!atStripe.isConnectedAgain(account)) {
            throw new CoachRefused.Deauthorized();
        }
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
            if (hasMoneyLeft(account) || underWay.stream().anyMatch(each -> each.isUnderWay(account.userId()))) {
                throw new CoachRefused.Deauthorized();
            }
            LOG.infof("%s stays disconnected and is empty: its coach may begin another", account.stripeId());
            account.beginAnother(clock.instant());
        });
    }

    /** Whether our books have a balance in the disconnected account. */
    private boolean hasMoneyLeft(ConnectedAccount account) {
        return (Boolean) entities.createNativeQuery(MONEY_LEFT, Boolean.class).setParameter("user", account.userId())
                .getSingleResult();
    }
}
