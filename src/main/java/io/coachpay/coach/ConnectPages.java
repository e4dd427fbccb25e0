package io.coachpay.coach;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeRefused;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/**
 * Pages for a coach's browser that comes back from Stripe's onboarding. The browser need not be signed in; the state in the
 * address names the account, and the pages show nothing of it.
 *
 * @see <a href="https://docs.stripe.com/api/account_links/create">Stripe: account links</a>
 */
@Path("/connect")
@Produces(MediaType.TEXT_HTML)
public class ConnectPages {

    private static final Logger LOG = Logger.getLogger(ConnectPages.class);

    private final Onboarding onboarding;

    ConnectPages(Onboarding onboarding) {
        this.onboarding = onboarding;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance back();

        static native TemplateInstance expired();
    }

    /** Shows that the visit to Stripe has ended, however far it went. */
    @GET
    @Path("/return")
    @Operation(hidden = true)
    public Response back(@QueryParam("state") @Nullable String state) {
        try {
            onboarding.cameBack(state);
        } catch (StripeRefused refused) {
            // The webhook brings the same; the coach need not wait for Stripe here.
            LOG.warnf("An account could not be read again when its coach came back: %s", refused.getMessage());
        }
        return page(Response.Status.OK, Templates.back());
    }

    /**
     * Shows that the link was used up or had expired. Another is for the coach alone, and this visitor is unknown: the page
     * says where to ask for one.
     */
    @GET
    @Path("/refresh")
    @Operation(hidden = true)
    public Response again() {
        return page(Response.Status.GONE, Templates.expired());
    }

    private static Response page(Response.Status status, TemplateInstance template) {
        return Response.status(status).type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8")).entity(template.render())
                .cacheControl(notKept()).build();
    }

    private static CacheControl notKept() {
        CacheControl notKept = new CacheControl();
        notKept.setNoStore(true);
        return notKept;
    }
}
