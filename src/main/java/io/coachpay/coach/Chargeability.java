package io.coachpay.coach;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.StripeRefused;

/** Keeps which coaches payments reach, beyond Stripe's own reports about their accounts. */
@ApplicationScoped
public class Chargeability {

    private static final Logger LOG = Logger.getLogger(Chargeability.class);
    private static final int CHECKED_AT_MOST = 100;
    private static final Duration AFTER_FAILURE = Duration.ofHours(1);

    private final Access access;
    private final ConnectedAccountBooks books;
    private final ConnectedAccountsAtStripe atStripe;
    private final Clock clock;

    Chargeability(Access access, ConnectedAccountBooks books, ConnectedAccountsAtStripe atStripe, Clock clock) {
        this.access = access;
        this.books = books;
        this.atStripe = atStripe;
        this.clock = clock;
    }

    /** Whether a payment was refused because of the coach's account, so that no payer could pay this coach. */
    public static boolean isLacking(StripeRefused refused) {
        return ChargeRefusal.is(refused);
    }

    /**
     * Records that Stripe refused a payment because of this account, which is not offered until it was read again. No database
     * transaction may be open.
     *
     * @return the refusal for the payer
     */
    public CoachRefused.CannotCharge refused(String stripeId, StripeRefused refused) {
        LOG.warnf("No payment reaches %s: %s", stripeId, refused.getMessage());
        return access.asService(() -> {
            ConnectedAccount account = books.known(stripeId);
            account.refusal().add(refused, clock.instant());
            return new CoachRefused.CannotCharge(account.reasons());
        });
    }

    void checkAll() {
        access.runAsService(books::compareReach);
        List<UUID> due = access.asService(this::due);
        OneByOne.forEachIsolated(due, this::check);
    }

    /** Lists accounts whose payments Stripe refused and whose pause is over, longest overdue first. */
    private List<UUID> due() {
        return ConnectedAccount.find("select id from ConnectedAccount where refusal.checkAt <= ?1"
                + " and connection.stripeId is not null and connection.deauthorizedAt is null order by refusal.checkAt",
                clock.instant()).project(UUID.class).page(0, CHECKED_AT_MOST).list();
    }

    /** Reads the account again, and believes Stripe's report once more. */
    private void check(UUID row) {
        Instant later = clock.instant().plus(AFTER_FAILURE);
        atStripe.change(row, account -> account.refusal().checkNext(later));
        ConnectedAccount account = access.asService(() -> ConnectedAccount.byId(row));
        if (account != null && account.stripeId() != null) {
            atStripe.refresh(account.stripeId());
            atStripe.change(row, ConnectedAccount::allowCharges);
        }
    }
}
