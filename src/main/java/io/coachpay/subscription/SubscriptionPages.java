package io.coachpay.subscription;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** Serves the pages to which Stripe's page sends subscribers whose client has no page of its own. They show nobody's data. */
@Path("/subscriptions")
@Produces(MediaType.TEXT_HTML)
public class SubscriptionPages {

    static final String DONE = "/subscriptions/done";
    static final String LEFT = "/subscriptions/left";

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance done();

        static native TemplateInstance left();
    }

    @GET
    @Path("/done")
    @Operation(hidden = true)
    public TemplateInstance done() {
        return Templates.done();
    }

    @GET
    @Path("/left")
    @Operation(hidden = true)
    public TemplateInstance left() {
        return Templates.left();
    }
}
