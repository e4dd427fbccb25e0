package io.coachpay.session;

import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
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
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Replay;
import io.coachpay.payment.PaymentAttempt;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.PaymentView;
import io.quarkus.security.Authenticated;

/** Paying for a session. */
@Path("/v1/sessions/{id}/payment")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Sessions")
public class SessionPaymentResource {

    private final SessionPayments payments;
    private final PaymentMethods methods;
    private final Replay replay;

    @Inject
    SessionPaymentResource(SessionPayments payments, PaymentMethods methods, Replay replay) {
        this.payments = payments;
        this.methods = methods;
        this.replay = replay;
    }

    @POST
    @MoneyMoving
    @Operation(summary = "Pay for a session", description = """
            Begins a payment, or resumes the one begun before. Another method than before ends the earlier attempt at
            Stripe first. The outcome follows by Stripe's webhook: look at the session. With `credits` it is paid at once.""")
    @APIResponse(responseCode = "200", description = "The payment, with what its next step needs", content = @Content(schema = @Schema(implementation = PaymentView.class)))
    @APIResponse(responseCode = "202", description = "Stripe is processing the payment; the outcome follows", content = @Content(schema = @Schema(implementation = PaymentView.class)))
    @APIResponse(responseCode = "404", description = "There is no such session, or it is not yours to pay")
    @APIResponse(responseCode = "402", description = "`card-declined`, with Stripe's `code` and `declineCode`")
    @APIResponse(responseCode = "409", description = "`already-paid`, `payment-in-progress`, `session-expired`, `session-begun` or `coach-cannot-charge`; with `credits` also `credit-debt`, with the `debt`")
    @APIResponse(responseCode = "422", description = "`payment-method-unknown`: no such saved payment method; `return-url-not-allowed`: payers are not sent to that origin; with `credits` also `credits-insufficient`, with what is `missing`, or `currency-not-payable-with-credits`")
    @APIResponse(responseCode = "429", description = "Too many payments a minute; `too-many-cards`: too many refused cards in a day, and not with `credits`. `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public Response pay(@PathParam("id") UUID id, @Valid @NotNull PaymentForm form) {
        if (replay.isOne()) {
            return answer(payments.showAgain(id, replay.id("transactionId")));
        }
        return answer(payments.pay(id, new SessionPayments.Wish(
                Choice.of("method", form.method(), PaymentAttempt.Method.chosen(), PaymentAttempt.Method::column),
                form.paymentMethodId(),
                methods.returnUrls(form.successUrl(), form.cancelUrl()), PaymentMetadata.of(form.metadata()),
                Boolean.TRUE.equals(form.saveCard()))));
    }

    @GET
    @AsksStripe
    @Operation(summary = "The payment of a session", description = "Lets a payer resume after a closed tab.")
    @APIResponse(responseCode = "200", description = "The payment, with what its next step needs")
    @APIResponse(responseCode = "404", description = "No payment has begun")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe, or `too-many-cards` while it can still be declined: too many refused cards in a day; `Retry-After` says when the next may come")
    public PaymentView payment(@PathParam("id") UUID id) {
        return payments.show(id);
    }

    @DELETE
    @AsksStripe
    @Operation(summary = "Give a payment up", description = "Ends it at Stripe first. The slot stays held until its time is over.")
    @APIResponse(responseCode = "204", description = "The payment is cancelled, and can never succeed")
    @APIResponse(responseCode = "404", description = "No payment has begun")
    @APIResponse(responseCode = "409", description = "`payment-in-progress`: Stripe does not cancel it now, so it may still succeed; `already-paid`: it has succeeded")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public void giveUp(@PathParam("id") UUID id) {
        payments.giveUp(id);
    }

    private static Response answer(PaymentView payment) {
        boolean follows = payment.status().equals(PaymentStatus.PROCESSING.column());
        return Response.status(follows ? 202 : 200).entity(payment).build();
    }

    /** A way to pay. */
    @Schema(name = "PaymentForm", examples = "{\"method\": \"checkout\"}")
    public record PaymentForm(@NotNull @Schema(enumeration = {
            "checkout", "payment_intent", "saved_card", "credits" }) String method,
            @Nullable @Schema(description = "With `saved_card`: its id; the default one if left out") UUID paymentMethodId,
            @Nullable @Schema(description = "With `checkout`: where Stripe sends a payer who paid, at an origin that the service allows") String successUrl,
            @Nullable @Schema(description = "With `checkout`: where Stripe sends a payer who left, at an origin that the service allows") String cancelUrl,
            @Nullable @Schema(description = "Your own words, which Stripe gets too: at most 20, keys of 40 and values of 200 characters, no key that begins with `coachpay_`. Those of a payment's first request stay", examples = "{\"order\": \"A-17\"}") Map<String, @Nullable String> metadata,
            @Nullable @Schema(description = "With `payment_intent`: save the method for later payments; with `checkout`: let the payer choose so. That of a payment's first request stays", defaultValue = "false") Boolean saveCard){
    }
}
