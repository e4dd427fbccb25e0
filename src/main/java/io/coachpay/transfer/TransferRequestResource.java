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
import io.coachpay.transfer.TransferRequest.Status;

/** What the service moves between the platform and coaches besides payments and refunds, for administrators. */
@Path("/v1/admin/transfers")
@RolesAllowed(Access.ADMIN)
@Tag(name = "Transfers", description = "Money between the platform and coaches that is moved on its own")
public class TransferRequestResource {

    private static final String EITHER_ID = "Our id, or Stripe's `tr_…`, `trr_…` or `fr_…`";

    private final TransferRequests steps;

    TransferRequestResource(TransferRequests steps) {
        this.steps = steps;
    }

    @GET
    @Operation(summary = "List what is moved between the platform and coaches", description = """
            Those of the newest payments first: what failed refunds and won disputes give back to coaches, what lost disputes and refunds made in \
            Stripe's dashboard take from them. `waiting_for_funds` is tried again until the balance holds it: with a top-up of \
            the platform's balance it need not wait longer.""")
    @APIResponse(responseCode = "200", description = "A page of them")
    @APIResponse(responseCode = "400", description = "`invalid-request`: there is no such status")
    @APIResponse(responseCode = "403", description = "Only administrators see it")
    public Page<StepView> list(
            @QueryParam("status") @Parameter(description = "Only those of this status", example = "waiting_for_funds") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        Status known = status == null ? null : Choice.of("status", status, Status.values(), Status::column);
        return Page.of(steps.all(known, paging), paging, TransferRequest::id, StepView::of);
    }

    @POST
    @Path("/{id}/retry")
    @MoneyMoving
    @Operation(summary = "Try a movement again", description = "One that waits or was refused; Stripe is searched for it first")
    @APIResponse(responseCode = "200", description = "Tried; `status` says how far it is")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators do it")
    @APIResponse(responseCode = "404", description = "There is no such step")
    @APIResponse(responseCode = "409", description = "`step-over`: Stripe has made it, or it is not wanted any more; or `step-replaced`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public StepView retry(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return StepView.of(steps.retry(named(id)));
    }

    @POST
    @Path("/{id}/withdraw")
    @AsksStripe
    @Operation(summary = "Try a movement no more", description = "One that Stripe has not made; it is searched for first")
    @APIResponse(responseCode = "200", description = "It is `refused`, and is not asked for again by itself")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators do it")
    @APIResponse(responseCode = "404", description = "There is no such step")
    @APIResponse(responseCode = "409", description = "`step-over`: Stripe has made it, or it is not open")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public StepView withdraw(@PathParam("id") @Parameter(description = EITHER_ID) String id) {
        return StepView.of(steps.withdraw(named(id)));
    }

    private static Reference named(String id) {
        return Reference.of(id, "tr_", "trr_", "fr_");
    }

    /** One step as administrators see it. */
    @Schema(name = "TransferStep")
    public record StepView(UUID id, UUID transactionId,
            @Schema(enumeration = {
                    "transfer", "reversal", "fee_refund" }) String kind,
            @Schema(enumeration = {
                    "refund_rest", "refund_failed", "dispute_recovery",
                    "dispute_won" }, description = "What it is for") String purpose,
            @Schema(description = "As asked of Stripe, positive; a transfer and a fee refund go to the coach, a reversal comes from there") Money amount,
            @Schema(enumeration = { "requested", "created", "waiting_for_funds", "refused" }) String status,
            @Nullable @Schema(description = "`tr_…`, `trr_…` or `fr_…`, as soon as Stripe has made it") String stripeId,
            @Nullable @Schema(description = "Why Stripe has not made it", examples = "balance_insufficient") String failureCode,
            @Nullable String failureMessage,
            @Nullable @Schema(description = "When it is tried again, of one that is not over") Instant nextTryAt,
            Instant createdAt){

        static StepView of(TransferRequest step) {
            return new StepView(step.id(), step.transactionId(), step.kind().column(), step.purpose().column(), step.amount(),
                    step.status().column(), step.stripeId(), step.failureCode(), step.failureMessage(),
                    step.isOpen() ? step.checkAt() : null, step.createdAt());
        }
    }
}
