package io.coachpay.payment;

import java.util.Optional;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.RateLimits;
import io.coachpay.stripe.StripeRefused;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;

/**
 * Serves the pages to which Stripe's payment page, or a bank's, sends payers whose client has no page of its own. A returning
 * payer has the Checkout Session or the payment refreshed, and applied as its event would be: the first of the two concludes
 * the payment.
 */
@Path("/checkout")
@Produces(MediaType.TEXT_HTML)
public class CheckoutPages {

    private static final Logger LOG = Logger.getLogger(CheckoutPages.class);

    private static final String UNKNOWN = "unknown";

    private final Access access;
    private final PaymentIntentsAtStripe intents;
    private final CheckoutsAtStripe checkouts;
    private final PaymentMethodSetupsAtStripe setups;
    private final RateLimits limits;

    CheckoutPages(Access access, PaymentIntentsAtStripe intents, CheckoutsAtStripe checkouts,
            PaymentMethodSetupsAtStripe setups, RateLimits limits) {
        this.access = access;
        this.intents = intents;
        this.checkouts = checkouts;
        this.setups = setups;
        this.limits = limits;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance done(boolean paid);

        static native TemplateInstance left();

        static native TemplateInstance saved(boolean saved);

        static native TemplateInstance returned(String status);
    }

    /** Thanks a payer; shows nothing but the visitor's own payment. */
    @GET
    @Path("/done")
    @Blocking
    @Operation(hidden = true)
    public TemplateInstance done(@QueryParam("visit") @Nullable String visit) {
        Optional<UUID> payer = visit == null ? Optional.empty()
                : access.asService(() -> paidFor(visit).map(paid -> paid.terms().payerId()));
        if (visit == null || payer.isEmpty()) {
            return Templates.done(false);
        }
        try {
            if (limits.mayAskStripe(payer.get())) {
                checkouts.refresh(visit);
            }
        } catch (StripeRefused refused) {
            LOG.infof("The visit %s is concluded by its event, since Stripe cannot be asked now: %s", visit,
                    refused.getMessage());
        }
        return Templates.done(access.asService(() -> paidFor(visit).map(paid -> paid.status().isPaid()).orElse(false)));
    }

    /**
     * Shows the state of a payment whose payer the bank has asked, see
     * <a href="https://docs.stripe.com/payments/payment-intents/verifying-status">docs.stripe.com</a>.
     */
    @GET
    @Path("/returned")
    @Blocking
    @Operation(hidden = true)
    public TemplateInstance returned(@QueryParam("payment_intent") @Nullable String intent,
            @QueryParam("payment_intent_client_secret") @Nullable String secret) {
        if (intent == null || secret == null || !mayAskAbout(intent)) {
            return Templates.returned(UNKNOWN);
        }
        try {
            return Templates.returned(intents.returned(intent, secret)
                    .map(payment -> payment.status().isPaid() ? PaymentStatus.COMPLETED : payment.status())
                    .map(PaymentStatus::column).orElse(UNKNOWN));
        } catch (StripeRefused refused) {
            LOG.infof("The payment %s is concluded by its event, since Stripe cannot be asked now: %s", intent,
                    refused.getMessage());
            return Templates.returned(UNKNOWN);
        }
    }

    /** Thanks somebody who saved a payment method on Stripe's page; shows nothing of it. */
    @GET
    @Path("/saved")
    @Blocking
    @Operation(hidden = true)
    public TemplateInstance saved(@QueryParam("visit") @Nullable String visit) {
        Optional<PaymentMethodSetup> setup = setupOn(visit);
        try {
            UUID owner = setup.map(one -> one.owner().userId()).orElse(null);
            if (setup.isPresent() && owner != null && limits.mayAskStripe(owner)) {
                setups.refresh(setup.get().id());
            }
        } catch (StripeRefused refused) {
            LOG.infof("The setup %s is concluded by its event, since Stripe cannot be asked now: %s", visit,
                    refused.getMessage());
        }
        return Templates.saved(setupOn(visit).filter(one -> one.status() == SetupStatus.SUCCEEDED).isPresent());
    }

    private Optional<PaymentMethodSetup> setupOn(@Nullable String visit) {
        return visit == null ? Optional.empty() : access.asService(() -> PaymentMethodSetup.byPage(visit));
    }

    /** Says how the payer can continue. */
    @GET
    @Path("/left")
    @Operation(hidden = true)
    public TemplateInstance left() {
        return Templates.left();
    }

    /**
     * Finds the payment of a known visit. This page is public: Stripe is asked only about visits that we know, and at a
     * limited rate.
     */
    private static Optional<Transaction> paidFor(String visit) {
        return CheckoutSession.byStripeId(visit)
                .flatMap(made -> Transaction.<Transaction> findByIdOptional(made.transactionId()));
    }

    private boolean mayAskAbout(String intent) {
        return access.asService(() -> TransactionQueries.byPaymentIntent(intent).map(paid -> paid.terms().payerId()))
                .filter(limits::mayAskStripe).isPresent();
    }
}
