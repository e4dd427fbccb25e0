package io.coachpay.subscription;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.payment.CardDeclines;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.NewStripeSubscription;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeInvoices;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeSubscription;
import io.coachpay.stripe.StripeSubscriptions;
import io.coachpay.user.AddressNotTaxable;

/**
 * Makes subscriptions without Stripe's page, has their first invoice paid with a saved method, and resumes paused ones. No
 * database transaction is
 * open while Stripe is called; every key and parameter follows from the row, so each verb may be called again.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses">Stripe: incomplete
 *      subscriptions</a>
 */
@ApplicationScoped
class SubscriptionStartsAtStripe {

    private static final String NOUN = "subscription";
    private static final String METHOD = "payment_method";

    private final Access access;
    private final SubscriptionBooks books;
    private final SubscriptionLifeAtStripe life;
    private final StripeSubscriptions stripe;
    private final StripeInvoices invoices;
    private final IdempotentCalls once;
    private final CardDeclines declines;
    private final BillingSettings billing;
    private final Creation<Subscription, StripeSubscription> creation;

    SubscriptionStartsAtStripe(Access access, SubscriptionBooks books, SubscriptionLifeAtStripe life,
            StripeSubscriptions stripe, StripeInvoices invoices, IdempotentCalls once, CardDeclines declines,
            BillingSettings billing) {
        this.access = access;
        this.books = books;
        this.life = life;
        this.stripe = stripe;
        this.invoices = invoices;
        this.once = once;
        this.declines = declines;
        this.billing = billing;
        this.creation = new Creation<>(NOUN, "create", this::row, this::find, this::create, this::note, this::nextAttempt);
    }

    /**
     * Has Stripe make the subscription of a row, unless it has it.
     *
     * @throws AddressNotTaxable when tax is to be added, and the owner's address does not tell where (422)
     */
    void create(UUID id) {
        String stripeId = once.ensure(creation, id).stripeId();
        if (read(id).stripeId() == null) {
            life.refresh(stripeId);
        }
    }

    /** Looks for the subscription of a row at Stripe, and mirrors it; whether it is there. */
    boolean find(UUID id) {
        return once.find(creation, id);
    }

    /**
     * Has the first invoice of an incomplete subscription paid with the row's method.
     *
     * @return the client secret with which its owner answers the bank; null where nothing is left to do
     * @throws PaymentRefused.CardDeclined when its bank refused the card (402)
     * @throws PaymentRefused.NoSuchCard when Stripe does not have the method any more (422)
     */
    @Nullable
    String pay(UUID id) {
        Subscription row = read(id);
        String invoice = row.term().latestInvoice();
        if (row.status() != SubscriptionStatus.INCOMPLETE || row.isSurplus() || invoice == null) {
            return null;
        }
        try {
            once.change(new Paying(id, invoice));
            return null;
        } catch (StripeRefused.AuthenticationRequired asked) {
            return invoices.clientSecret(invoice);
        } catch (StripeRefused.UnexpectedState paidOrOver) {
            return null;
        } catch (StripeRefused.CardDeclined declined) {
            String secret = String.valueOf(invoices.clientSecret(invoice));
            throw declines.of(row.userId(), method(row), secret.replaceAll("_secret_.*", ""), declined);
        } catch (StripeRefused.ResourceMissing gone) {
            throw METHOD.equals(gone.parameter()) ? new PaymentRefused.NoSuchCard() : gone;
        } finally {
            life.refresh(Objects.requireNonNull(row.stripeId(), "An incomplete one is at Stripe"));
        }
    }

    /**
     * Lets a paused subscription go on, for which its owner's default pays a new period. Where the invoice of an earlier wish
     * is open, that is the one to be paid.
     *
     * @return the client secret with which its owner pays, or answers the bank; null where nothing is left to do
     * @throws SubscriptionRefused.NotPaused when it is not paused (409)
     */
    @Nullable
    String resume(UUID id) {
        StripeSubscription now = life.changeable(id);
        if (SubscriptionStatus.stripes(now.status()) != SubscriptionStatus.PAUSED) {
            throw new SubscriptionRefused.NotPaused();
        }
        String open = now.latestInvoiceId() == null ? null : invoices.clientSecret(now.latestInvoiceId());
        if (open != null) {
            return open;
        }
        try {
            once.change(new Resuming(id, now.id()));
        } catch (StripeRefused.InvalidRequest | StripeRefused.CardDeclined | StripeRefused.AuthenticationRequired refused) {
            if (SubscriptionStatus.stripes(life.refresh(now.id()).status()) == SubscriptionStatus.PAUSED
                    && refused instanceof StripeRefused.InvalidRequest) {
                throw refused;
            }
        }
        StripeSubscription then = life.refresh(now.id());
        String invoice = then.latestInvoiceId();
        return SubscriptionStatus.stripes(then.status()) == SubscriptionStatus.PAUSED && invoice != null
                ? invoices.clientSecret(invoice)
                : null;
    }

    /** The client secret of the invoice that is open, for somebody who asks again; null where none is. */
    @Nullable
    String clientSecret(Subscription row) {
        String invoice = row.term().latestInvoice();
        return !row.isSurplus() && (row.status() == SubscriptionStatus.INCOMPLETE || row.status() == SubscriptionStatus.PAUSED)
                && invoice != null
                        ? invoices.clientSecret(invoice)
                        : null;
    }

    private static String method(Subscription row) {
        String method = row.page().method();
        if (method == null) {
            throw new PaymentRefused.NoSuchCard();
        }
        return method;
    }

    private Subscription read(UUID id) {
        return access.asService(() -> SubscriptionQueries.known(id));
    }

    private void nextAttempt(UUID id, int after) {
        access.runAsService(() -> books.change(id, row -> row.page().nextAttempt(after)));
    }

    // ---- creation of a subscription

    private StripeBacked<Subscription> row(UUID id) {
        Subscription row = read(id);
        return new StripeBacked<>(row, id, row.stripeId(), row.page().attempt(), row.createdAt());
    }

    private Optional<StripeSubscription> find(Subscription row) {
        return stripe.find(row.id(), row.customerId(), row.createdAt()).stream().findFirst();
    }

    /** Stripe repeats a refusal under its key, so that another one is needed after the address has been given. */
    private Optional<StripeSubscription> create(Subscription row, String key) {
        try {
            return Optional.of(stripe.create(new NewStripeSubscription(row.id(), row.customerId(), row.price().id(),
                    row.page().trialDays(), billing.taxed()), key));
        } catch (StripeRefused.InvalidRequest refused) {
            if (!refused.isPlaceUnknown()) {
                throw refused;
            }
            nextAttempt(row.id(), row.page().attempt());
            throw new AddressNotTaxable();
        }
    }

    /** The answer to a repeated call is as old as the first: an event or a look may have told more since. */
    private String note(Subscription row, StripeSubscription made, Instant asked) {
        access.runAsService(() -> books.mirrorRead(made, asked));
        return made.id();
    }

    /** Resumes under a key that calls at once share: a second invoice would be a second period. */
    private final class Resuming implements IdempotentCalls.Change<StripeSubscription> {

        private final UUID id;
        private final String stripeId;

        Resuming(UUID id, String stripeId) {
            this.id = id;
            this.stripeId = stripeId;
        }

        @Override
        public int attempt() {
            return read(id).page().attempt();
        }

        @Override
        public StripeSubscription call(int attempt) {
            return stripe.resume(stripeId, IdempotentCalls.key(NOUN, id, "resume", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            SubscriptionStartsAtStripe.this.nextAttempt(id, after);
        }
    }

    /**
     * Pays with the row's method. The bank's answer stays the answer to this attempt, so a resumed call does not charge the
     * card twice. The attempt after a refusal has a number of its own.
     */
    private final class Paying implements IdempotentCalls.Change<String> {

        private final UUID id;
        private final String invoice;
        private String method = "";

        Paying(UUID id, String invoice) {
            this.id = id;
            this.invoice = invoice;
        }

        @Override
        public int attempt() {
            Subscription now = read(id);
            method = method(now);
            return now.page().attempt();
        }

        @Override
        public String call(int attempt) {
            invoices.pay(invoice, method, IdempotentCalls.key(NOUN, id, "pay", attempt));
            return invoice;
        }

        @Override
        public void nextAttempt(int after) {
            SubscriptionStartsAtStripe.this.nextAttempt(id, after);
        }
    }
}
