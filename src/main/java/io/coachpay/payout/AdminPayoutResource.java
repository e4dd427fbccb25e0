package io.coachpay.payout;

import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.Choice;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;

/** Shows all coaches' payouts to administrators, and runs payouts that are due. */
@Path("/v1/admin/payouts")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Payouts", description = "Coaches' earnings, and their way to the bank")
public class AdminPayoutResource {

    private final Payouts requests;
    private final PayoutRuns runs;

    AdminPayoutResource(Payouts requests, PayoutRuns runs) {
        this.requests = requests;
        this.runs = runs;
    }

    @GET
    @Operation(summary = "List payouts", description = "Of all coaches, newest first.")
    @APIResponse(responseCode = "200", description = "A page of payouts")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid status, limit or cursor")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<PayoutView> list(
            @QueryParam("status") @Parameter(description = "Only payouts of this status", example = "failed") @Nullable String status,
            @Valid @BeanParam Paging paging) {
        PayoutStatus known = status == null ? null
                : Choice.of("status", status, PayoutStatus.values(), PayoutStatus::column);
        return Page.of(requests.all(known, paging), paging, Payout::id, PayoutView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Get a payout", description = "Of any coach.")
    @APIResponse(responseCode = "200", description = "The payout")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such payout")
    public PayoutView find(
            @PathParam("id") @Parameter(description = "Our id, or Stripe's", example = "po_1OaFDbEcg9tTZuTgNYmX0PKB") String id) {
        return PayoutView.of(requests.any(Reference.of(id, "po_")));
    }

    @POST
    @Path("/run")
    @MoneyMoving
    @Operation(summary = "Pay the coaches who are due", description = """
            At once, instead of within seconds. Pays no coach who would not be paid anyway. A bounded number of turns; call \
            again while `more` is true.""")
    @APIResponse(responseCode = "202", description = "The number of turns by result", content = @Content(schema = @Schema(implementation = Run.class)))
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public Response run() {
        PayoutRuns.Outcome outcome = runs.runDue();
        return Response.accepted(new Run(outcome.turns(), outcome.more())).build();
    }

    /** The result of a run. */
    @Schema(name = "PayoutRun")
    public record Run(
            @Schema(description = "Number of turns by result: `paid`, or the reason why nothing was paid", examples = "{\"paid\": 12, \"below_minimum\": 3}") Map<String, Integer> turns,
            @Schema(description = "Whether more turns may be due") boolean more) {
    }
}
