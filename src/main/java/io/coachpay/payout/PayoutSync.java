package io.coachpay.payout;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.job.Cursor;
import io.coachpay.payout.PayoutListings.Listing;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripePage;
import io.coachpay.stripe.StripePayout;
import io.coachpay.stripe.StripePayouts;
import io.coachpay.stripe.StripeRefused;

/**
 * Lists an account's payouts at Stripe and applies them, including those made in Stripe's dashboard. No database transaction
 * is open while Stripe is called.
 */
@ApplicationScoped
class PayoutSync {

    private static final Logger LOG = Logger.getLogger(PayoutSync.class);
    private static final int PAGE = 100;
    private static final int PAGES = 1000;

    private final Access access;
    private final PayoutListings listings;
    private final PayoutBooks payouts;
    private final StripePayouts stripe;
    private final Clock clock;

    PayoutSync(Access access, PayoutListings listings, PayoutBooks payouts, StripePayouts stripe, Clock clock) {
        this.access = access;
        this.listings = listings;
        this.payouts = payouts;
        this.stripe = stripe;
        this.clock = clock;
    }

    /**
     * Lists and applies one account's payouts.
     *
     * @return false when Stripe is away, or was asked too often
     */
    boolean sync(Listing listing) {
        Instant begun = clock.instant();
        Cursor cursor = access.asService(() -> listings.begin(listing, begun));
        if (cursor == null) {
            return true;
        }
        try {
            listPages(listing, listings.since(cursor));
        } catch (StripeRefused.NotPermitted disconnected) {
            LOG.debugf("Stripe no longer reports the payouts of %s", listing.stripeId());
            return true;
        } catch (StripeRefused refused) {
            LOG.warnf("Payouts of %s could not be listed: %s", listing.stripeId(), refused.getMessage());
            return !(refused instanceof StripeAway || refused instanceof StripeRefused.RateLimited);
        }
        access.runAsService(() -> {
            payouts.allocateRest(listing.coach());
            listings.end(listing, begun);
        });
        return true;
    }

    private void listPages(Listing listing, Instant since) {
        String after = null;
        for (int page = 0; page < PAGES; page++) {
            after = listPage(listing, since, after);
            if (after == null) {
                return;
            }
        }
        throw new IllegalStateException(listing.stripeId() + " has more payouts than can be listed");
    }

    private @Nullable String listPage(Listing listing, Instant since, @Nullable String after) {
        Instant asked = clock.instant();
        StripePage<StripePayout> page = stripe.page(listing.stripeId(), since, after, PAGE);
        List<StripePayout> oldestFirst = new ArrayList<>(page.data());
        Collections.reverse(oldestFirst);
        access.runAsService(() -> oldestFirst.forEach(told -> payouts.apply(listing.stripeId(), told, asked)));
        return page.next();
    }
}
