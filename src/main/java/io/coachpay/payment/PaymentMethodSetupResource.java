package io.coachpay.payment;

import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.Choice;
import io.coachpay.http.Replay;
import io.quarkus.security.Authenticated;

/** Saving a payment method without a payment. */
@Path("/v1/me/payment-methods/setup")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Payment methods", description = "Saved cards and other ways to pay")
public class PaymentMethodSetupResource {

    private final PaymentMethodSetups setups;
    private final Replay replay;

    PaymentMethodSetupResource(PaymentMethodSetups setups, Replay replay) {
        this.setups = setups;
        this.replay = replay;
    }

    @POST
    @AsksStripe
    @Operation(summary = "Save a payment method", description = """
            Begins to save one, in your form or on Stripe's page; nothing is charged. It is used for payments without you too, such \
            as a subscription's, and your first one becomes the default. A setup that nobody finishes ends after a day; asking again \
            before, also after a refused card, answers the open one.""")
    @APIResponse(responseCode = "201", description = "The setup, with what its next step needs", content = @Content(schema = @Schema(implementation = SetupView.class)))
    @APIResponse(responseCode = "409", description = "`too-many-payment-methods`: you have as many as can be kept, `most`; remove one first")
    @APIResponse(responseCode = "422", description = "`return-url-not-allowed`: nobody is sent to that origin")
    @APIResponse(responseCode = "429", description = "`too-many-requests`, or `too-many-cards`: too many setups in an hour, or too many refused cards in a day; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public Response begin(@Valid @NotNull SetupForm form) {
        SetupView setup = replay.isOne() ? setups.showAgain(replay.id("setupId"))
                : setups.begin(Choice.of("ui", form.ui(), SetupTerms.Ui.values(), SetupTerms.Ui::column), form.returnUrl());
        return Response.status(Response.Status.CREATED).entity(setup).build();
    }

    @GET
    @Path("/{id}")
    @AsksStripe
    @Operation(summary = "How far a setup has come", description = """
            For somebody who comes back: while it may not be over, Stripe is asked, so that nobody waits for a webhook. After \
            `failed` another method can be tried with the same client secret, or on the same page.""")
    @APIResponse(responseCode = "200", description = "The setup")
    @APIResponse(responseCode = "404", description = "There is no such setup, or it is not yours")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send the request again")
    public SetupOutcome outcome(@PathParam("id") UUID id) {
        return SetupOutcome.of(setups.outcome(id));
    }

    /** A way to save a payment method. */
    @Schema(name = "SetupForm", examples = "{\"ui\": \"checkout\"}")
    public record SetupForm(@NotNull @Schema(enumeration = {
            "elements", "checkout" }) String ui,
            @Nullable @Schema(description = "With `checkout`: where Stripe's page sends you, at an origin that the service allows") String returnUrl){
    }

    /** The state of a setup. */
    @Schema(name = "PaymentMethodSetupOutcome")
    public record SetupOutcome(UUID setupId, @Schema(enumeration = {
            "elements", "checkout" }) String ui,
            @Schema(enumeration = { "requested", "open", "succeeded", "failed", "canceled" }) String status,
            @Nullable @Schema(description = "The saved method, once it succeeded") UUID paymentMethodId,
            @Nullable @Schema(description = "Stripe's code of the refusal", examples = "card_declined") String failureCode,
            @Nullable @Schema(description = "Stripe's words for you") String failureMessage){

        static SetupOutcome of(PaymentMethodSetups.Outcome outcome) {
            PaymentMethodSetup setup = outcome.setup();
            return new SetupOutcome(setup.id(), setup.terms().ui().column(), setup.status().column(), outcome.method(),
                    setup.failureCode(), setup.failureMessage());
        }
    }
}
