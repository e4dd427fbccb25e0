package io.coachpay.subscription;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeInvoicePreview;
import io.coachpay.stripe.StripeInvoices;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeSubscription;
import io.coachpay.stripe.StripeSubscriptions;

/**
 * Changes the price that a subscription is billed by, as a preview of it said. No database transaction is open while Stripe is
 * called: the wish is recorded before, and its row says what became of it after a look at Stripe.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/change-price">Stripe: change prices</a>
 */
@ApplicationScoped
class PlanChangesAtStripe {

    private static final String NOUN = "subscription";
    private static final Set<SubscriptionStatus> CHANGEABLE = EnumSet.of(SubscriptionStatus.TRIALING,
            SubscriptionStatus.ACTIVE);

    private final Access access;
    private final SubscriptionBooks books;
    private final SubscriptionLifeAtStripe life;
    private final StripeSubscriptions stripe;
    private final StripeInvoices invoices;
    private final IdempotentCalls once;
    private final Clock clock;

    PlanChangesAtStripe(Access access, SubscriptionBooks books, SubscriptionLifeAtStripe life, StripeSubscriptions stripe,
            StripeInvoices invoices, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.books = books;
        this.life = life;
        this.stripe = stripe;
        this.invoices = invoices;
        this.once = once;
        this.clock = clock;
    }

    /**
     * Works out what a change to that plan costs as of that second.
     *
     * @param price the plan's at Stripe
     *
     * @throws SubscriptionRefused when the subscription cannot be changed, or has that price (409)
     */
    StripeInvoicePreview preview(UUID id, Plan plan, String price, Instant at) {
        StripeSubscription now = changeable(id, price);
        boolean endsTrial = access.asService(() -> books.endsTrial(id, plan));
        return invoices.preview(now.id(), item(now), price, at, endsTrial);
    }

    /**
     * Changes the plan as of the moment of a preview. It changes when that is paid.
     *
     * @param price the plan's at Stripe
     * @return the client secret with which its owner pays, or answers the bank; null where nothing is left to do
     * @throws SubscriptionRefused when the subscription cannot be changed, has that price, or is changed this moment (409)
     */
    @Nullable
    String change(UUID id, Plan plan, String price, Instant at) {
        changeable(id, price);
        send(id, access.asService(() -> books.want(id, plan, price, at)));
        Subscription row = read(id);
        String invoice = row.term().latestInvoice();
        return price.equals(row.term().pendingPriceId()) && invoice != null ? invoices.clientSecret(invoice) : null;
    }

    /**
     * Ends a change whose answer was not heard: asks again while its preview is valid and nothing else has been done with the
     * subscription, and else sees what became of it.
     */
    void resume(UUID id) {
        PlanChange wanted = read(id).price().wanted();
        if (wanted == null) {
            return;
        }
        if (PlanChange.isValid(wanted.at(), clock.instant()) && isToBeMade(id, wanted)) {
            send(id, wanted);
        } else {
            conclude(id, wanted);
        }
    }

    /** Whether a subscription is still as it was when the change was wanted: what was done since stays. */
    private boolean isToBeMade(UUID id, PlanChange wanted) {
        StripeSubscription now = life.refresh(stripeId(read(id)));
        Instant canceled = now.canceledAt();
        return CHANGEABLE.contains(SubscriptionStatus.stripes(now.status())) && now.scheduleId() == null
                && (canceled == null || canceled.isBefore(wanted.at()))
                && !wanted.priceId().equals(now.priceId()) && !wanted.priceId().equals(now.pendingPriceId())
                && !read(id).price().isNewerThan(wanted.at());
    }

    private void send(UUID id, PlanChange wanted) {
        try {
            once.change(new Sending(id, wanted));
        } catch (StripeAway | StripeRefused.RateLimited | StripeRefused.KeyInUse unknown) {
            throw unknown;
        } catch (StripeRefused.InvalidRequest refused) {
            conclude(id, wanted);
            throw String.valueOf(refused.parameter()).endsWith("proration_date") ? new SubscriptionRefused.PreviewExpired()
                    : refused;
        } catch (StripeRefused refused) {
            conclude(id, wanted);
            throw refused;
        }
        conclude(id, wanted);
    }

    /** Records what became of a change. Stripe's answer to it may be an old one, so that its subscription is read. */
    private void conclude(UUID id, PlanChange wanted) {
        life.refresh(stripeId(read(id)));
        access.runAsService(() -> books.changed(id, wanted));
    }

    private StripeSubscription changeable(UUID id, String price) {
        StripeSubscription now = life.changeable(id);
        if (!CHANGEABLE.contains(SubscriptionStatus.stripes(now.status()))) {
            throw new SubscriptionRefused.Unpaid();
        }
        if (price.equals(now.priceId())) {
            throw new SubscriptionRefused.SamePlan();
        }
        return now;
    }

    private static String item(StripeSubscription now) {
        return Objects.requireNonNull(now.itemId(), "A subscription has an item");
    }

    private static String stripeId(Subscription row) {
        return Objects.requireNonNull(row.stripeId(), "Stripe has it");
    }

    private Subscription read(UUID id) {
        return access.asService(() -> SubscriptionQueries.known(id));
    }

    /**
     * Sends a change as it was recorded. All callers that ask for the same at once have the same record, and so the same call;
     * another change that is recorded after is nothing to this one.
     */
    private final class Sending implements IdempotentCalls.Change<StripeSubscription> {

        private final UUID id;
        private final PlanChange wanted;
        private final String stripeId;
        private final String itemId;

        Sending(UUID id, PlanChange wanted) {
            this.id = id;
            this.wanted = wanted;
            this.stripeId = stripeId(read(id));
            this.itemId = item(stripe.retrieve(stripeId));
        }

        @Override
        public int attempt() {
            return wanted.attempt();
        }

        @Override
        public StripeSubscription call(int attempt) {
            return stripe.changePrice(stripeId, itemId, wanted.priceId(), wanted.at(), wanted.isEndOfTrial(),
                    IdempotentCalls.key(NOUN, id, "change-price", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            access.runAsService(() -> books.change(id, row -> {
                row.price().nextAttempt(after);
                row.page().nextAttempt(after);
            }));
        }
    }
}
