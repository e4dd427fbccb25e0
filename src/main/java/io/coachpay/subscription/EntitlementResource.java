package io.coachpay.subscription;

import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.quarkus.security.Authenticated;

/** The caller's entitlements. */
@Path("/v1/me/entitlements")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Subscriptions")
public class EntitlementResource {

    private final Subscriptions subscriptions;

    EntitlementResource(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @GET
    @Operation(summary = "Your tier and benefits", description = """
            Those of the plan you subscribe to, in its trial, while it is paid, and for some days after a renewal was refused. \
            From its end on, and without such a subscription, there is no tier, and there are no benefits. A session keeps the fee \
            of its booking, and a purchase of credits the bonus of its beginning.""")
    @APIResponse(responseCode = "200", description = "The entitlements")
    public EntitlementView mine() {
        return subscriptions.entitlement().map(plan -> new EntitlementView(plan.id(), plan.terms().tier(),
                plan.terms().benefits())).orElseGet(() -> new EntitlementView(null, null, Benefits.NONE));
    }

    /** Tier and benefits. */
    @Schema(name = "Entitlements")
    public record EntitlementView(@Nullable @Schema(description = "The plan that they come from") UUID planId,
            @Nullable @Schema(examples = "professional") String tier, Benefits benefits) {
    }
}
