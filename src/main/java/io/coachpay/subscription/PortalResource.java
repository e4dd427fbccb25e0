package io.coachpay.subscription;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.HoldsSecret;
import io.coachpay.http.InvalidField;
import io.coachpay.payment.PaymentMethods;
import io.quarkus.security.Authenticated;

/** Stripe's billing portal, in which the caller sees to cards, invoices and the subscription. */
@Path("/v1/me/billing-portal")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Subscriptions")
public class PortalResource {

    private final Subscriptions subscriptions;
    private final PaymentMethods methods;

    PortalResource(Subscriptions subscriptions, PaymentMethods methods) {
        this.subscriptions = subscriptions;
        this.methods = methods;
    }

    @POST
    @AsksStripe
    @Operation(summary = "Open Stripe's billing portal", description = """
            The address lets anybody in who has it, and soon ends. With `flow` the visit is for that alone: another payment \
            method, the end of your subscription, or another plan.""")
    @APIResponse(responseCode = "200", description = "The portal's address; an earlier answer is not repeated for an `Idempotency-Key`, there is another address each time")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "409", description = "`subscription-not-live`: there is no subscription that could end or change")
    @APIResponse(responseCode = "422", description = "`return-url-not-allowed`: nobody is sent to that origin")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send the request again")
    public PortalVisit open(@Valid @NotNull PortalOrder order) {
        String back = methods.returnUrl("returnUrl", order.returnUrl());
        return new PortalVisit(subscriptions.portal(back, order.flow() == null ? null : flow(order.flow())));
    }

    private static PortalFlow flow(String word) {
        return PortalFlow.of(word).orElseThrow(() -> new InvalidField("flow", "must be payment_method, cancel or change"));
    }

    /** A wish to visit the portal. */
    @Schema(name = "BillingPortalOrder", examples = "{\"returnUrl\": \"https://app.example.com/account\"}")
    public record PortalOrder(
            @NotNull @Schema(description = "Where the portal sends its visitor back to, at an origin that the service allows") String returnUrl,
            @Nullable @Schema(enumeration = {
                    "payment_method", "cancel", "change" }, description = "The one act that the visit is for") String flow){
    }

    /** A visit to the portal. */
    @Schema(name = "BillingPortal")
    public record PortalVisit(@Nullable @Schema(description = "The portal's address") String url) implements HoldsSecret {

        @Override
        public PortalVisit withoutSecrets() {
            return new PortalVisit(null);
        }

        @Override
        public String toString() {
            return "BillingPortal";
        }
    }
}
