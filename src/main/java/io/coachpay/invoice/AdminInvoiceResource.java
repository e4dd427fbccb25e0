package io.coachpay.invoice;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.Choice;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.refund.RefundView;

/** Everybody's invoices for administrators, with their history, and refunds of them. */
@Path("/v1/admin/invoices")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Invoices")
public class AdminInvoiceResource {

    private static final String EITHER_ID = "Our id, or Stripe's `in_…`";

    private final Invoices invoices;

    AdminInvoiceResource(Invoices invoices) {
        this.invoices = invoices;
    }

    @GET
    @Operation(summary = "List invoices", description = "Newest first, also drafts that were deleted at Stripe.")
    @APIResponse(responseCode = "200", description = "A page of invoices")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a known status, or not an id")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<AdminInvoiceView> list(
            @QueryParam("status") @Parameter(description = "Only invoices of this status", example = "open") @Nullable String status,
            @QueryParam("userId") @Parameter(description = "Only invoices of this person") @Nullable UUID userId,
            @BeanParam @Valid Paging paging) {
        InvoiceStatus known = status == null ? null
                : Choice.of("status", status, InvoiceStatus.values(), InvoiceStatus::column);
        return Page.of(invoices.all(known, userId, paging), paging, whole -> whole.invoice().id(),
                whole -> AdminInvoiceView.of(new Invoices.Seen(whole, List.of())));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Look an invoice up", description = "With its history, oldest first.")
    @APIResponse(responseCode = "200", description = "The invoice")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such invoice")
    public AdminInvoiceView one(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return AdminInvoiceView.of(invoices.any(named(id)));
    }

    @POST
    @Path("/{id}/refunds")
    @MoneyMoving
    @Operation(summary = "Refund an invoice", description = """
            In whole or in part, as often as something is left of its payment. Stripe is asked for a credit note, which explains \
            it to the subscriber, once the money has moved: a refund that Stripe refuses leaves none.""")
    @APIResponse(responseCode = "201", description = "Asked for; `status` is its state now", content = @Content(schema = @Schema(implementation = RefundView.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such invoice")
    @APIResponse(responseCode = "409", description = "`not-paid`, or `payment-disputed` while the payer's bank holds the money")
    @APIResponse(responseCode = "422", description = "`exceeds-remainder`, with the `remainder`; or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests a minute; `Retry-After` says when the next may come")
    public RestResponse<RefundView> refund(@PathParam("id") @Parameter(description = EITHER_ID) String id,
            @Valid @NotNull InvoiceRefundForm form) {
        Money amount = form.amount();
        if (amount != null && amount.isZero()) {
            throw new InvalidField("amount", "must be more than nothing");
        }
        return RestResponse.status(RestResponse.Status.CREATED,
                RefundView.of(invoices.refund(named(id), amount, form.reason())));
    }

    private static Reference named(String id) {
        return Reference.of(id, "in_");
    }

    /** The amount to refund, and the reason. */
    @Schema(name = "InvoiceRefundForm", examples = """
            {"amount": {"amount": "5.00", "currency": "USD"}, "reason": "A week without service"}""")
    public record InvoiceRefundForm(@Nullable @Schema(description = "Without it, all that is left") Money amount,
            @NotBlank @Size(max = 500) String reason) {
    }

    /** An invoice as administrators see it: without the addresses that open it to anybody. */
    @Schema(name = "AdminInvoice")
    public record AdminInvoiceView(@Nullable UUID userId, String stripeCustomerId, InvoiceView invoice, List<Entry> history) {

        static AdminInvoiceView of(Invoices.Seen seen) {
            Invoice invoice = seen.invoice().invoice();
            return new AdminInvoiceView(invoice.owner().userId(), invoice.customerId(),
                    InvoiceView.of(seen.invoice()).withoutSecrets(), seen.history().stream().map(Entry::of).toList());
        }
    }

    /** A line of an invoice's history. */
    @Schema(name = "InvoiceHistoryEntry")
    public record Entry(Instant at, @Schema(examples = "invoice.paid") String event, @Nullable String stripeEventId,
            @Nullable String statusBefore, String statusAfter, @Nullable String failureCode, @Nullable String failureMessage) {

        static Entry of(InvoiceLog line) {
            return new Entry(line.createdAt(), line.event(), line.stripeEventId(), line.statusBefore(), line.statusAfter(),
                    line.failureCode(), line.failureMessage());
        }
    }
}
