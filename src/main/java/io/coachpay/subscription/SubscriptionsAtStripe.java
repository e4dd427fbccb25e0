package io.coachpay.subscription;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.job.OneByOne;
import io.coachpay.payment.FullCardLimits;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.NewStripeSubscription;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripeRefused;

/**
 * Opens, closes and reads the pages on which subscriptions begin, and sees to what is due. No database transaction is open
 * while Stripe is called; every key and parameter follows from the row, so each verb may be called again.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/overview">Stripe: how subscriptions work</a>
 */
@ApplicationScoped
class SubscriptionsAtStripe {

    private static final String NOUN = "subscription";
    private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(1);
    private static final int CHECKED_AT_MOST = 100;

    private final Access access;
    private final SubscriptionBooks books;
    private final StripeCheckouts pages;
    private final SubscriptionLifeAtStripe life;
    private final SubscriptionStartsAtStripe starts;
    private final UnpaidStartsAtStripe unpaid;
    private final FullCardLimits limits;
    private final PlanChangesAtStripe changes;
    private final IdempotentCalls once;
    private final BillingSettings billing;
    private final Clock clock;
    private final Creation<Subscription, StripeCheckoutSession> creation;

    SubscriptionsAtStripe(Access access, SubscriptionBooks books, StripeCheckouts pages, SubscriptionLifeAtStripe life,
            SubscriptionStartsAtStripe starts, UnpaidStartsAtStripe unpaid, FullCardLimits limits, PlanChangesAtStripe changes,
            IdempotentCalls once, BillingSettings billing, Clock clock) {
        this.access = access;
        this.books = books;
        this.pages = pages;
        this.life = life;
        this.starts = starts;
        this.unpaid = unpaid;
        this.limits = limits;
        this.changes = changes;
        this.once = once;
        this.billing = billing;
        this.clock = clock;
        this.creation = new Creation<>(NOUN, "create-page", this::row, this::find, this::create, this::note,
                this::nextAttempt);
    }

    /** Opens the page of a subscription, or reads it; one that is over is recorded as that. */
    StripeCheckoutSession open(UUID id) {
        StripeCheckoutSession page = once.ensure(creation, id).orRetrieve(pages::retrieve);
        conclude(page);
        return page;
    }

    /**
     * Closes the page of a subscription that was asked for; if it was paid meanwhile, that is recorded instead. One that was
     * never opened is not opened for it: Stripe opens none whose time is nearly over.
     */
    void close(UUID id) {
        String pageId = page(id);
        if (pageId == null) {
            return;
        }
        try {
            conclude(once.change(new Closing(id, pageId)));
        } catch (StripeRefused.UnexpectedState notOpen) {
            conclude(pages.retrieve(pageId));
        } catch (StripeRefused.ResourceMissing gone) {
            over(id);
        }
    }

    /** Asks Stripe about the page of a subscription, if it may have become one. */
    void refresh(UUID id) {
        String pageId = read(id).page().stripeId();
        if (pageId != null) {
            conclude(pages.retrieve(pageId));
        }
    }

    /**
     * Asks Stripe about pages that should be over, and about subscriptions whose renewal or end no event has reported; cancels
     * those that are one too many, and clears payment methods of their own; ends what is open to people who may try no more
     * cards: a bounded number of each.
     */
    void check() {
        List<UUID> due = access
                .asService(() -> SubscriptionQueries.takeDue(clock.instant(), BETWEEN_CHECKS, CHECKED_AT_MOST));
        List<UUID> open = access
                .asService(() -> SubscriptionQueries.openTo(limits.people(CHECKED_AT_MOST), CHECKED_AT_MOST));
        OneByOne.forEachIsolated(List.<Runnable> of(() -> OneByOne.forEachIsolated(due, this::check),
                () -> OneByOne.forEachIsolated(open, this::stop)), Runnable::run);
    }

    private void stop(UUID id) {
        Subscription row = read(id);
        if (row.status() == SubscriptionStatus.INCOMPLETE) {
            unpaid.end(row);
        } else {
            close(id);
        }
    }

    private void check(UUID id) {
        Subscription row = read(id);
        if (row.isSurplus()) {
            unpaid.end(row);
        } else if (row.price().wanted() != null) {
            changes.resume(id);
        } else if (row.term().ownMethod() != null) {
            life.useDefaultMethod(row);
        } else if (row.stripeId() != null) {
            life.refresh(row.stripeId());
        } else if (row.page().isDirect()) {
            if (!starts.find(id)) {
                over(id);
            }
        } else if (row.status() == SubscriptionStatus.EXPIRED) {
            close(id);
        } else if (page(id) != null) {
            refresh(id);
        }
    }

    /** Its page at Stripe, {@code cs_…}, looked for where none is known; a subscription without one is over. */
    private @Nullable String page(UUID id) {
        String known = read(id).page().stripeId();
        if (known == null && once.find(creation, id)) {
            known = read(id).page().stripeId();
        }
        if (known == null) {
            over(id);
        }
        return known;
    }

    private void over(UUID id) {
        change(id, row -> {
            row.over(SubscriptionStatus.EXPIRED);
            row.closed();
        });
    }

    /** Records what has become of a page. */
    private void conclude(StripeCheckoutSession page) {
        if (page.status() == StripeCheckoutSession.Status.EXPIRED) {
            access.runAsService(() -> books.expired(page));
        } else if (page.subscriptionId() != null) {
            life.refresh(page.subscriptionId());
        }
    }

    private Subscription read(UUID id) {
        return access.asService(() -> SubscriptionQueries.known(id));
    }

    private void change(UUID id, Consumer<Subscription> verb) {
        access.runAsService(() -> books.change(id, verb));
    }

    private void nextAttempt(UUID id, int after) {
        change(id, row -> row.page().nextAttempt(after));
    }

    // ---- creation of a page

    private StripeBacked<Subscription> row(UUID id) {
        Subscription row = read(id);
        return new StripeBacked<>(row, id, row.page().stripeId(), row.page().attempt(), row.createdAt());
    }

    private Optional<StripeCheckoutSession> find(Subscription row) {
        return pages.find(row.id(), row.customerId(), row.createdAt()).stream().findFirst();
    }

    private Optional<StripeCheckoutSession> create(Subscription row, String key) {
        SubscriptionPage page = row.page();
        NewStripeSubscription wanted = new NewStripeSubscription(row.id(), row.customerId(), row.price().id(),
                page.trialDays(), billing.taxed());
        return Optional.of(pages.subscribe(wanted, Objects.requireNonNull(page.expiresAt()),
                Objects.requireNonNull(page.successUrl()), Objects.requireNonNull(page.cancelUrl()), key));
    }

    private @Nullable String note(Subscription row, StripeCheckoutSession page, Instant asked) {
        return access.asService(() -> {
            Subscription known = SubscriptionQueries.knownLocked(row.id());
            known.page().link(page.id());
            if (known.status() == SubscriptionStatus.EXPIRED) {
                // It gave way while its page was made.
                known.giveWay(clock.instant());
            }
            return known.page().stripeId();
        });
    }

    /** Closes a page, under a key with the row's attempt. */
    private final class Closing implements IdempotentCalls.Change<StripeCheckoutSession> {

        private final UUID id;
        private final String pageId;

        Closing(UUID id, String pageId) {
            this.id = id;
            this.pageId = pageId;
        }

        @Override
        public int attempt() {
            return read(id).page().attempt();
        }

        @Override
        public StripeCheckoutSession call(int attempt) {
            return pages.expire(pageId, IdempotentCalls.key(NOUN, id, "expire-page", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            SubscriptionsAtStripe.this.nextAttempt(id, after);
        }
    }
}
