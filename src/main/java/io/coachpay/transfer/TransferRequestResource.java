package io.coachpay.transfer;

import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

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

/** Lists for administrators the money that moves between the platform and coaches besides payments and refunds. */
@Path("/v1/admin/transfers")
@RolesAllowed(Access.ADMIN)
@Tag(name = "Transfers", description = "Money that moves between the platform and coaches on its own")
public class TransferRequestResource {

    private static final String EITHER_ID = "Our id, or Stripe's `tr_…`, `trr_…` or `fr_…`";

    private final TransferRequests steps;

    TransferRequestResource(TransferRequests steps) {
        this.steps = steps;
    }

    @GET
    @Operation(summary = "List money that moves between the platform and coaches", description = """
            Steps of the newest payments first: failed refunds and won disputes give money back to coaches, lost disputes \
            and refunds made in Stripe's dashboard take it from them. A step in `waiting_for_funds` is retried until the \
            balance holds it; a top-up of the platform's balance ends the wait.""")
    @APIResponse(responseCode = "200", description = "A page of steps")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a known status")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<StepView> list(
            @QueryParam("status") @Parameter(description = "Only steps of this status", example = "waiting_for_funds") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        TransferRequestStatus known = status == null ? null
                : Choice.of("status", status, TransferRequestStatus.values(), TransferRequestStatus::column);
        return Page.of(steps.all(known, paging), paging, TransferRequest::id, StepView::of);
    }

    @POST
    @Path("/{id}/retry")
    @MoneyMoving
    @Operation(summary = "Retry a movement", description = "A step that waits or was refused; Stripe is searched for it first")
    @APIResponse(responseCode = "200", description = "Retried; `status` is the step's state now")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such step")
    @APIResponse(responseCode = "409", description = "`step-over`: Stripe has made it, or its purpose has passed; or `step-replaced`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public StepView retry(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return StepView.of(steps.retry(named(id)));
    }

    @POST
    @Path("/{id}/withdraw")
    @AsksStripe
    @Operation(summary = "Withdraw a movement", description = "A step that Stripe has not made; Stripe is searched for it first")
    @APIResponse(responseCode = "200", description = "It is `refused`, and is not retried by itself")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such step")
    @APIResponse(responseCode = "409", description = "`step-over`: Stripe has made it, or it is not open")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public StepView withdraw(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return StepView.of(steps.withdraw(named(id)));
    }

    private static Reference named(String id) {
        return Reference.of(id, "tr_", "trr_", "fr_");
    }

    /** A transfer request as administrators see it. */
    @Schema(name = "TransferStep")
    public record StepView(UUID id, UUID transactionId,
            @Schema(enumeration = {
                    "transfer", "reversal", "fee_refund" }) String kind,
            @Schema(enumeration = {
                    "refund_rest", "refund_failed", "dispute_recovery",
                    "dispute_won", "credit_session", "credit_refund" }, description = "The reason for it") String purpose,
            @Schema(description = "As asked of Stripe, positive; a transfer and a fee refund go to the coach, a reversal takes from the coach") Money amount,
            @Schema(enumeration = { "requested", "created", "waiting_for_funds", "refused" }) String status,
            @Nullable @Schema(description = "`tr_…`, `trr_…` or `fr_…`, once Stripe has made it") String stripeId,
            @Nullable @Schema(description = "Why Stripe has not made it", examples = "balance_insufficient") String failureCode,
            @Nullable String failureMessage,
            @Nullable @Schema(description = "When it is tried again; null once it is over") Instant nextTryAt,
            Instant createdAt){

        static StepView of(TransferRequest step) {
            return new StepView(step.id(), step.transactionId(), step.kind().column(), step.purpose().column(), step.amount(),
                    step.status().column(), step.stripeId(), step.progress().failureCode(), step.progress().failureMessage(),
                    step.isOpen() ? step.progress().checkAt() : null, step.createdAt());
        }
    }
}
