package io.coachpay.credit;

import java.util.Map;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Replay;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentMethods;
import io.quarkus.security.Authenticated;

/** Buying credits. */
@Path("/v1/credits/checkout")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Credits")
public class CreditCheckoutResource {

    private final CreditPurchases purchases;
    private final PaymentMethods methods;
    private final Replay replay;

    CreditCheckoutResource(CreditPurchases purchases, PaymentMethods methods, Replay replay) {
        this.purchases = purchases;
        this.methods = methods;
        this.replay = replay;
    }

    @POST
    @MoneyMoving
    @Operation(summary = "Buy credits", description = """
            Reserves the credits of a package and opens Stripe's page for them; asking again for the same package answers the page \
            that is open. What your plan adds to them is settled when the page opens. The credits are granted once the payment has \
            arrived: `GET /v1/checkout-sessions/{id}` says so.""")
    @APIResponse(responseCode = "201", description = "The purchase, with Stripe's page", content = @Content(schema = @Schema(implementation = CreditCheckout.class)))
    @APIResponse(responseCode = "404", description = "There is no such package for sale")
    @APIResponse(responseCode = "409", description = "`capacity-exceeded`, with the credits `available`; `too-many-open-checkouts`; or `payment-in-progress`")
    @APIResponse(responseCode = "422", description = "`return-url-not-allowed`: payers are not sent to that origin")
    @APIResponse(responseCode = "429", description = "Too many payments a minute, or `too-many-cards`: too many refused cards in a day; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public Response buy(@Valid @NotNull CreditOrder order) {
        CreditCheckout checkout = replay.isOne() ? purchases.showAgain(replay.id("transactionId"))
                : purchases.buy(order.packageId(), PaymentMetadata.of(order.metadata()),
                        methods.returnUrls(order.successUrl(), order.cancelUrl()), Boolean.TRUE.equals(order.saveCard()));
        return Response.status(Response.Status.CREATED).entity(checkout).build();
    }

    /** A wish to buy a package. */
    @Schema(name = "CreditOrder", examples = "{\"packageId\": \"01a0f6b0-5c1c-7c57-9f0e-6f0c2a1d9b11\"}")
    public record CreditOrder(@NotNull UUID packageId,
            @Nullable @Schema(description = "Where Stripe sends a payer who paid, at an origin that the service allows") String successUrl,
            @Nullable @Schema(description = "Where Stripe sends a payer who left, at an origin that the service allows") String cancelUrl,
            @Nullable @Schema(description = "Your own words, which Stripe gets too: at most 20, keys of 40 and values of 200 characters, no key that begins with `coachpay_`. Those of a purchase's first request stay", examples = "{\"order\": \"A-17\"}") Map<String, @Nullable String> metadata,
            @Nullable @Schema(description = "Let the payer choose on Stripe's page to save the method for later payments. That of a purchase's first request stays", defaultValue = "false") Boolean saveCard) {
    }
}
