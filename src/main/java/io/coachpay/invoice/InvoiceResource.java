package io.coachpay.invoice;

import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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
import io.coachpay.http.HoldsSecret;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.http.Replay;
import io.quarkus.security.Authenticated;

/** The caller's invoices. */
@Path("/v1/me/invoices")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Invoices", description = "What subscriptions cost, as Stripe billed it")
public class InvoiceResource {

    private final Invoices invoices;
    private final Replay replay;

    InvoiceResource(Invoices invoices, Replay replay) {
        this.invoices = invoices;
        this.replay = replay;
    }

    @GET
    @Operation(summary = "My invoices", description = """
            Newest first. Stripe's addresses in this list may have ended; those of a single invoice are at most a day old.""")
    @APIResponse(responseCode = "200", description = "A page of invoices")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a cursor or a limit")
    public Page<InvoiceView> mine(@BeanParam @Valid Paging paging) {
        return Page.of(invoices.mine(paging), paging, whole -> whole.invoice().id(), InvoiceView::of);
    }

    @GET
    @Path("/{id}")
    @AsksStripe
    @Operation(summary = "One of my invoices")
    @APIResponse(responseCode = "200", description = "The invoice")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such invoice, or it is not yours")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send the request again")
    public InvoiceView one(@PathParam("id") @Parameter(description = "Our id, or Stripe's `in_…`") String id) {
        return InvoiceView.of(invoices.mine(Reference.of(id, "in_")));
    }

    @POST
    @Path("/{id}/pay")
    @MoneyMoving
    @Operation(summary = "Pay an open invoice", description = """
            With a saved payment method: after a renewal was refused, say. Where the bank asks first, the answer has a \
            `clientSecret`, with which Stripe's form in the browser goes on.""")
    @APIResponse(responseCode = "200", description = "The invoice as it is now, and the question of the bank, if it has one")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "402", description = "`card-declined`, with Stripe's `code` and `declineCode`")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such invoice, or it is not yours")
    @APIResponse(responseCode = "409", description = "`invoice-not-open`, with the `invoiceStatus`; `subscription-ended`: paying it would give you nothing")
    @APIResponse(responseCode = "422", description = "`payment-method-unknown`: no such saved payment method")
    @APIResponse(responseCode = "429", description = "Too many payments a minute, or `too-many-cards`; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public InvoiceAttempt pay(@PathParam("id") UUID id, @Valid @NotNull InvoicePaymentForm form) {
        Invoices.Paid paid = replay.isOne() ? invoices.paidBefore(id) : invoices.pay(id, form.paymentMethodId());
        return new InvoiceAttempt(InvoiceView.of(paid.invoice()), paid.clientSecret());
    }

    /** The payment method to pay with. */
    @Schema(name = "InvoicePaymentForm", examples = "{\"paymentMethodId\": \"01a0f6b0-5c1c-7c57-9f0e-6f0c2a1d9b11\"}")
    public record InvoicePaymentForm(
            @Nullable @Schema(description = "A saved payment method; without it, the default one") UUID paymentMethodId) {
    }

    /** An invoice after an attempt to pay it. */
    @Schema(name = "InvoiceAttempt")
    public record InvoiceAttempt(InvoiceView invoice,
            @Nullable @Schema(description = "For Stripe's form, where the bank asks first; missing otherwise") String clientSecret)
            implements
                HoldsSecret {

        @Override
        public InvoiceAttempt withoutSecrets() {
            return new InvoiceAttempt(invoice.withoutSecrets(), null);
        }

        @Override
        public String toString() {
            return "InvoiceAttempt[" + invoice + "]";
        }
    }
}
