package io.coachpay.refund;

import java.time.Instant;
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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.Choice;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.refund.Refund.Status;

/** Refunds that wait, were refused or failed, for administrators. */
@Path("/v1/admin/refunds")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Refunds", description = "Money on its way back to payers, and what can be done where it is stuck")
public class AdminRefundResource {

    private static final String EITHER_ID = "Our id, or Stripe's `re_…` or `pyr_…`";

    private final Refunds refunds;

    AdminRefundResource(Refunds refunds) {
        this.refunds = refunds;
    }

    @GET
    @Operation(summary = "List refunds", description = """
            Newest first. `requested` with a `failureCode` waits: `platform_balance_insufficient` until the platform's balance at \
            Stripe is topped up, `coach_balance_insufficient` until the coach's account holds its part or the platform pays \
            alone. So does `pending` with the `pendingReason` `insufficient_funds`.""")
    @APIResponse(responseCode = "200", description = "A page of them")
    @APIResponse(responseCode = "400", description = "`invalid-request`: there is no such status")
    @APIResponse(responseCode = "403", description = "Only administrators see it")
    public Page<AdminRefundView> list(
            @QueryParam("status") @Parameter(description = "Only those of this status", example = "requested") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        Status known = status == null ? null : Choice.of("status", status, Status.values(), Status::column);
        return Page.of(refunds.all(known, paging), paging, Refund::id, AdminRefundView::of);
    }

    @POST
    @Path("/{id}/retry")
    @MoneyMoving
    @Operation(summary = "Ask Stripe for a refund again", description = "One that waits or was refused; Stripe is searched for it first")
    @APIResponse(responseCode = "200", description = "Asked for; `status` says how far it is")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators do it")
    @APIResponse(responseCode = "404", description = "There is no such refund")
    @APIResponse(responseCode = "409", description = "`refund-under-way`: Stripe has it; or `payment-disputed`")
    @APIResponse(responseCode = "422", description = "`exceeds-remainder`, with the `remainder`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public AdminRefundView retry(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return AdminRefundView.of(refunds.retry(named(id)));
    }

    @POST
    @Path("/{id}/withdraw")
    @AsksStripe
    @Operation(summary = "Ask for a refund no more", description = """
            One that waits or was refused; Stripe is searched for it first. What it was to bring of the sum that is due to the payer
            is no longer due, as where the payer had it in another way.""")
    @APIResponse(responseCode = "200", description = "It is `refused`, and what it held of the payment is free")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators do it")
    @APIResponse(responseCode = "404", description = "There is no such refund")
    @APIResponse(responseCode = "409", description = "`refund-under-way`: Stripe has it, or it is withdrawn already")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public AdminRefundView withdraw(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return AdminRefundView.of(refunds.withdraw(named(id)));
    }

    @POST
    @Path("/{id}/platform-pays")
    @MoneyMoving
    @Operation(summary = "Have the platform alone pay a refund", description = """
            One that waits or was refused: nothing is taken from the coach's account for it. What the platform bears is found by \
            the next reconciliation, as `refund_clearing`.""")
    @APIResponse(responseCode = "200", description = "Asked for; `status` says how far it is")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators do it")
    @APIResponse(responseCode = "404", description = "There is no such refund")
    @APIResponse(responseCode = "409", description = "`refund-under-way`: Stripe has it, or is being asked for it at this moment; or `payment-disputed`")
    @APIResponse(responseCode = "422", description = "`exceeds-remainder`, with the `remainder`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public AdminRefundView platformPays(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return AdminRefundView.of(refunds.platformPays(named(id)));
    }

    @POST
    @Path("/{id}/repay")
    @MoneyMoving
    @Operation(summary = "Give a coach back what a failed refund took", description = """
            For a finding of kind `unrepaid_refund`: a refund failed after it had taken something from its coach, and was not the \
            only one of its payment, so that no rule says what of that is the coach's. Said once for each refund: sent again, it \
            changes nothing. What is left of it is the platform's.""")
    @APIResponse(responseCode = "200", description = "Decided; `repaid` says how much, and a transfer of it is under way")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's, no reason, or another currency")
    @APIResponse(responseCode = "403", description = "Only administrators do it")
    @APIResponse(responseCode = "404", description = "There is no such refund")
    @APIResponse(responseCode = "409", description = "`not-to-be-repaid`: it has not failed, or what the coach gets was decided before")
    @APIResponse(responseCode = "422", description = "`exceeds-taken`, with what it had `taken` from the coach; or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "`stripe-unavailable`: Stripe could not be asked what it took")
    public AdminRefundView repay(@PathParam("id") @Parameter(description = EITHER_ID) String id,
            @Valid @NotNull RepayForm form) {
        return AdminRefundView.of(refunds.repay(named(id), form.toCoach, form.reason));
    }

    /** What a coach gets back, and why so much. */
    @Schema(name = "RefundRepayment", examples = """
            {"toCoach": {"amount": "40.00", "currency": "USD"}, "reason": "The coach's part of it; the first refund stands"}""")
    public record RepayForm(
            @Schema(required = true, description = "At most what the refund took; zero where nothing is due") @NotNull Money toCoach,
            @Schema(required = true) @NotBlank @Size(max = 2000) String reason) {
    }

    private static Reference named(String id) {
        return Reference.of(id, "re_", "pyr_");
    }

    /** One refund as administrators see it. */
    @Schema(name = "AdminRefund")
    public record AdminRefundView(UUID id, UUID transactionId,
            @Schema(enumeration = {
                    "requested", "refused", "pending", "requires_action", "succeeded", "failed", "canceled" }) String status,
            Money amount, String reason,
            @Nullable @Schema(description = "`re_…`, as soon as Stripe has made it") String stripeId,
            @Nullable @Schema(description = "Why it waits, was refused or failed", examples = "platform_balance_insufficient") String failureCode,
            @Nullable String failureMessage,
            @Nullable @Schema(description = "Why Stripe lets it wait", examples = "insufficient_funds") String pendingReason,
            @Schema(description = "Whether nothing is taken from the coach for it") boolean platformPays,
            @Nullable @Schema(description = "What of a failed one goes back to its coach; null while that is not decided, and of any other") Money repaid,
            @Nullable @Schema(description = "When the next thing is done about it") Instant nextTryAt, Instant createdAt){

        static AdminRefundView of(Refund refund) {
            return new AdminRefundView(refund.id(), refund.transactionId(), refund.status().column(), refund.amount(),
                    refund.reason(), refund.stripeId(), refund.failureCode(), refund.failureMessage(), refund.pendingReason(),
                    refund.isBorneAlone(), refund.repaid(), refund.checkAt(), refund.createdAt());
        }
    }
}
