package io.coachpay.payment;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.stripe.StripeRefused;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;

/**
 * Where Stripe's payment page sends people who have no page of their client's to go to. Coming back fetches the visit and
 * hands it to the same verb as its event would: whichever is first concludes the payment.
 */
@Path("/checkout")
@Produces(MediaType.TEXT_HTML)
public class CheckoutPages {

    private static final Logger LOG = Logger.getLogger(CheckoutPages.class);

    private final Access access;
    private final PaymentAttempts attempts;

    CheckoutPages(Access access, PaymentAttempts attempts) {
        this.access = access;
        this.attempts = attempts;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance done(boolean paid);

        static native TemplateInstance left();
    }

    /** Thanks a payer; shows nothing that is not the visitor's own doing. */
    @GET
    @Path("/done")
    @Blocking
    @Operation(hidden = true)
    public TemplateInstance done(@QueryParam("visit") @Nullable String visit) {
        if (visit == null || !isOurs(visit)) {
            return Templates.done(false);
        }
        try {
            attempts.visited(visit);
        } catch (StripeRefused refused) {
            LOG.infof("The visit %s is concluded by its event, as Stripe cannot be asked now: %s", visit, refused.getMessage());
        }
        return Templates
                .done(access.asService(() -> CheckoutVisit.byStripeId(visit).map(CheckoutVisit::isComplete).orElse(false)));
    }

    /** Says how to go on. */
    @GET
    @Path("/left")
    @Operation(hidden = true)
    public TemplateInstance left() {
        return Templates.left();
    }

    /** Anybody can come here with anything: Stripe is asked only about visits that we know. */
    private boolean isOurs(String visit) {
        return access.asService(() -> CheckoutVisit.byStripeId(visit).isPresent());
    }
}
