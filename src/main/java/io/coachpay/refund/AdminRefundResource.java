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

/** Lists for administrators the refunds that wait, were refused or failed, and takes their decisions. */
@Path("/v1/admin/refunds")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Refunds", description = "Money on its way back to payers, and decisions about what is stuck")
public class AdminRefundResource {

    private static final String EITHER_ID = "Our id, or Stripe's `re_…` or `pyr_…`";

    private final Refunds refunds;

    AdminRefundResource(Refunds refunds) {
        this.refunds = refunds;
    }

    @GET
    @Operation(summary = "List refunds", description = """
            Newest first. A refund that is `requested` with a `failureCode` waits: `platform_balance_insufficient` until the \
            platform's balance at Stripe is topped up, `coach_balance_insufficient` until the coach's account holds its part \
            or the platform pays alone. One that is `pending` with the `pendingReason` `insufficient_funds` waits too.""")
    @APIResponse(responseCode = "200", description = "A page of refunds")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a known status")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<AdminRefundView> list(
            @QueryParam("status") @Parameter(description = "Only refunds of this status", example = "requested") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        RefundStatus known = status == null ? null
                : Choice.of("status", status, RefundStatus.values(), RefundStatus::column);
        return Page.of(refunds.all(known, paging), paging, Refund::id, AdminRefundView::of);
    }

    @POST
    @Path("/{id}/retry")
    @MoneyMoving
    @Operation(summary = "Ask Stripe for a refund again", description = "A refund that waits or was refused; Stripe is searched for it first")
    @APIResponse(responseCode = "200", description = "Asked for; `status` is its state now")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
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
    @Operation(summary = "Withdraw a refund", description = """
            A refund that waits or was refused; Stripe is searched for it first. Its part of the sum that is due to the \
            payer is no longer due, for example since the payer had it in another way.""")
    @APIResponse(responseCode = "200", description = "It is `refused`, and its part of the payment can be refunded again")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
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
            A refund that waits or was refused: nothing is taken from the coach's account for it. The platform's cost is \
            found by the next reconciliation, as `refund_clearing`.""")
    @APIResponse(responseCode = "200", description = "Asked for; `status` is its state now")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such refund")
    @APIResponse(responseCode = "409", description = "`refund-under-way`: Stripe has it, or is being asked for it now; or `payment-disputed`")
    @APIResponse(responseCode = "422", description = "`exceeds-remainder`, with the `remainder`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public AdminRefundView platformPays(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return AdminRefundView.of(refunds.platformPays(named(id)));
    }

    @POST
    @Path("/{id}/repay")
    @MoneyMoving
    @Operation(summary = "Give a coach back what a failed refund took", description = """
            For a finding of kind `unrepaid_refund`: a refund failed after it had taken money from its coach, and was not \
            the only one of its payment, so that no rule says how much of it is the coach's. Decided once for each refund: a \
            repeated call changes nothing. The rest is the platform's.""")
    @APIResponse(responseCode = "200", description = "Decided; a transfer of `repaid` to the coach is under way")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's, no reason, or another currency")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such refund")
    @APIResponse(responseCode = "409", description = "`not-to-be-repaid`: it has not failed, or the coach's amount was decided before")
    @APIResponse(responseCode = "422", description = "`exceeds-taken`, with the amount `taken` from the coach; or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "`stripe-unavailable`: Stripe could not be asked for the amount")
    public AdminRefundView repay(@PathParam("id") @Parameter(description = EITHER_ID) String id,
            @Valid @NotNull RepayForm form) {
        return AdminRefundView.of(refunds.repay(named(id), form.toCoach, form.reason));
    }

    /** The amount that the coach gets back, and the reason for it. */
    @Schema(name = "RefundRepayment", examples = """
            {"toCoach": {"amount": "40.00", "currency": "USD"}, "reason": "The coach's part of it; the first refund stands"}""")
    public record RepayForm(
            @Schema(required = true, description = "At most what the refund took; zero where nothing is due") @NotNull Money toCoach,
            @Schema(required = true) @NotBlank @Size(max = 2000) String reason) {
    }

    private static Reference named(String id) {
        return Reference.of(id, "re_", "pyr_");
    }

    /** A refund as administrators see it. */
    @Schema(name = "AdminRefund")
    public record AdminRefundView(UUID id, UUID transactionId,
            @Schema(enumeration = {
                    "requested", "refused", "pending", "requires_action", "succeeded", "failed", "canceled" }) String status,
            Money amount, String reason,
            @Nullable @Schema(description = "`re_…`, once Stripe has made it") String stripeId,
            @Nullable @Schema(description = "Why it waits, was refused or failed", examples = "platform_balance_insufficient") String failureCode,
            @Nullable String failureMessage,
            @Nullable @Schema(description = "Why it waits at Stripe", examples = "insufficient_funds") String pendingReason,
            @Schema(description = "Whether nothing is taken from the coach for it") boolean platformPays,
            @Nullable @Schema(description = "Amount of a failed refund that goes back to its coach; null while that is undecided, and for any other refund") Money repaid,
            @Nullable @Schema(description = "When it is worked on next") Instant nextTryAt, Instant createdAt){

        static AdminRefundView of(Refund refund) {
            return new AdminRefundView(refund.id(), refund.transactionId(), refund.status().column(), refund.amount(),
                    refund.reason(), refund.stripeId(), refund.failureCode(), refund.progress().failureMessage(),
                    refund.progress().pendingReason(), refund.isBorneAlone(), refund.repaid(), refund.progress().checkAt(),
                    refund.createdAt());
        }
    }
}
