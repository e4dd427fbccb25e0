package io.coachpay.payment;

import java.time.Instant;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.Reference;
import io.quarkus.security.Authenticated;

/** Shows how a visit to Stripe's page ended. */
@Path("/v1/checkout-sessions")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Payments")
public class CheckoutSessionResource {

    private final Checkouts checkouts;

    CheckoutSessionResource(Checkouts checkouts) {
        this.checkouts = checkouts;
    }

    @GET
    @Path("/{id}")
    @AsksStripe
    @Operation(summary = "How a visit to Stripe's page ended", description = """
            For a payer who comes back: while the page may be open, Stripe is asked, so that nobody waits for a webhook. \
            `complete` alone does not say that money has come: `paymentStatus` does.""")
    @APIResponse(responseCode = "200", description = "The visit")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public CheckoutView visit(
            @PathParam("id") @Parameter(description = "Our id, or Stripe's `cs_…`", example = "cs_test_a1b2c3") String id) {
        Reference reference = Reference.of(id, "cs_");
        return checkouts.mine(reference).map(CheckoutView::of).orElseGet(() -> CheckoutView.of(checkouts.other(reference)));
    }

    /** A visit to Stripe's page. */
    @Schema(name = "CheckoutSession")
    public record CheckoutView(@Schema(enumeration = {
            "payment", "setup", "subscription" }) String mode,
            @Schema(enumeration = { "requested", "open", "complete", "expired", "refused" }) String status,
            @Schema(enumeration = { "paid", "unpaid" }) String paymentStatus, @Nullable UUID transactionId,
            @Nullable @Schema(description = "All credits that it buys", examples = "33.000000") String credits,
            @Nullable @Schema(description = "The subscription that begins there") UUID subscriptionId,
            @Nullable Instant expiresAt){

        static CheckoutView of(OtherVisits.OtherVisit visit) {
            return new CheckoutView(visit.mode(), visit.status(), visit.status().equals("complete") ? "paid" : "unpaid", null,
                    null, visit.subscriptionId(), visit.expiresAt());
        }

        static CheckoutView of(Checkouts.Visit visit) {
            Transaction payment = visit.payment();
            PaymentCredits credits = payment.credits();
            return new CheckoutView(visit.page().mode(), visit.page().status(), payment.status().isPaid() ? "paid" : "unpaid",
                    payment.id(), credits.packageId() == null ? null : credits.bought().toString(), null,
                    visit.page().expiresAt());
        }
    }
}
