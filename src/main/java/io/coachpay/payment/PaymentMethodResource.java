package io.coachpay.payment;

import java.util.List;
import java.util.UUID;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.quarkus.security.Authenticated;

/** The caller's saved payment methods. */
@Path("/v1/me/payment-methods")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Payment methods", description = "Saved cards and other ways to pay")
public class PaymentMethodResource {

    private final PaymentMethods methods;

    PaymentMethodResource(PaymentMethods methods) {
        this.methods = methods;
    }

    @GET
    @Operation(summary = "List my saved payment methods", description = """
            Newest first; brand, last four digits and expiry only. A card that was saved several times is one line. Where its bank \
            renewed it, the line shows the renewed form, and payments take that. A card is good through the last day of its month, in \
            UTC.""")
    public List<PaymentMethodView> list() {
        return methods.mine();
    }

    @PUT
    @Path("/{id}/default")
    @AsksStripe
    @Operation(summary = "Make a payment method the default", description = """
            Stripe charges it when nobody chooses, for example for invoices. An expired card is taken too, as its bank may renew \
            it: look at `expired`.""")
    @APIResponse(responseCode = "200", description = "The payment method")
    @APIResponse(responseCode = "404", description = "There is no such payment method, or it is not yours")
    @APIResponse(responseCode = "422", description = "`payment-method-unknown`: Stripe does not have it any more")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe, or `too-many-cards`: too many refused cards in a day; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; the wish is kept and sent later")
    public PaymentMethodView makeDefault(@PathParam("id") UUID id) {
        return methods.makeDefault(id);
    }

    @DELETE
    @Path("/{id}")
    @AsksStripe
    @Operation(summary = "Remove a payment method", description = """
            Removes the card at Stripe for good, however often it was saved. If it is the default, the newest other one becomes the \
            default, and the answer names it.""")
    @APIResponse(responseCode = "200", description = "It is removed")
    @APIResponse(responseCode = "404", description = "There is no such payment method, or it is not yours")
    @APIResponse(responseCode = "409", description = "`payment-method-needed`: it is the last one, and something that you have is paid with it")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is paid with it any more, and Stripe is told later")
    public RemovedPaymentMethod remove(@PathParam("id") UUID id) {
        return new RemovedPaymentMethod(id, methods.remove(id));
    }

    /**
     * A removal.
     *
     * @param newDefault the method that has become the default; null where the default stays, or none is left
     */
    @Schema(name = "RemovedPaymentMethod")
    public record RemovedPaymentMethod(UUID id,
            @Nullable @Schema(description = "The method that has become the default in its place") PaymentMethodView newDefault) {
    }
}
