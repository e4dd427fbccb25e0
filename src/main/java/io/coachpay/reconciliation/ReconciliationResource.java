package io.coachpay.reconciliation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.Choice;
import io.coachpay.http.InvalidField;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;

/** The comparison of our books with Stripe's, for administrators. */
@Path("/v1/admin/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Reconciliation", description = "Our books compared with Stripe's: what differs, since when, and why")
public class ReconciliationResource {

    private final Reconciliation reconciliation;

    ReconciliationResource(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    @GET
    @Operation(summary = "Whether our books agree with Stripe's", description = "The last comparison, the one under way, and how many findings are open.")
    @APIResponse(responseCode = "200", description = "The state of reconciliation; without a last run before the first has ended")
    @APIResponse(responseCode = "403", description = "Only administrators see it")
    public StandingView standing() {
        return StandingView.of(reconciliation.standing());
    }

    @GET
    @Path("/findings")
    @Operation(summary = "List findings", description = "Newest first. A finding closes when a run no longer finds it.")
    @APIResponse(responseCode = "200", description = "A page of findings")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid status, cause, limit or cursor")
    @APIResponse(responseCode = "403", description = "Only administrators see them")
    public Page<Finding> findings(
            @QueryParam("status") @Parameter(description = "open or resolved", schema = @Schema(defaultValue = "open")) @Nullable String status,
            @QueryParam("cause") @Parameter(description = "Only those of this cause", example = "missed_event") @Nullable String cause,
            @QueryParam("account") @Size(max = 200) @Parameter(description = "Only those of this account: `platform`, `ledger` or a connected one", example = "platform") @Nullable String account,
            @Valid @BeanParam Paging paging) {
        return Page.of(reconciliation.findings(resolved(status), cause(cause), account, paging.before(), paging.limit()),
                paging,
                Finding::id, finding -> finding);
    }

    @POST
    @Path("/run")
    @AsksStripe
    @Operation(summary = "Compare now", description = "Compares what was touched since the last comparison, and a share of all the rest. Continues after the answer. There is one comparison at a time: while one is under way, it is that one.")
    @APIResponse(responseCode = "202", description = "The run under way", content = @Content(schema = @Schema(implementation = ReconciliationRun.class)))
    @APIResponse(responseCode = "403", description = "Only administrators may")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public Response run() {
        return Response.accepted(reconciliation.begin()).build();
    }

    @POST
    @Path("/findings/{id}/note")
    @Operation(summary = "Add a note to a finding", description = """
            Replaces an earlier note. A finding about something past that cannot be undone, a conversion or a refusal \
            of Stripe's, is closed by it at the next run.""")
    @APIResponse(responseCode = "200", description = "The finding with its note", content = @Content(schema = @Schema(implementation = Finding.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the note is missing or too long")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such finding")
    public Finding note(@PathParam("id") @Parameter(description = "The finding's id") UUID id, @Valid @NotNull NoteForm form) {
        return reconciliation.note(id, form.note);
    }

    @POST
    @Path("/findings/{id}/book")
    @AsksStripe
    @Operation(summary = "Book a finding's line as Stripe has it", description = """
            For an open finding of kind `unbooked` or `unknown_type`: a balance transaction of Stripe's that belongs to no fact of \
            ours, such as a transfer made in the dashboard. On a coach's account it is the coach's then, and can be paid out. It \
            is booked once: a repeated request returns what was booked. The finding closes at the next run.""")
    @APIResponse(responseCode = "200", description = "What was booked", content = @Content(schema = @Schema(implementation = Adjustment.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the reason is missing or too long")
    @APIResponse(responseCode = "403", description = "Only administrators may")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such finding")
    @APIResponse(responseCode = "409", description = "`finding-closed`, `finding-without-line`, `finding-busy`: ask again, or `finding-expected`: its fact is booked by itself")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "`stripe-unavailable`: Stripe could not be asked about it")
    public Adjustment book(@PathParam("id") @Parameter(description = "The finding's id") UUID id,
            @Valid @NotNull ReasonForm form) {
        return reconciliation.book(id, form.reason);
    }

    private static boolean resolved(@Nullable String status) {
        if (status == null || status.equals("open")) {
            return false;
        }
        if (status.equals("resolved")) {
            return true;
        }
        throw new InvalidField("status", "must be open or resolved");
    }

    private static @Nullable Cause cause(@Nullable String code) {
        return code == null ? null : Choice.of("cause", code, Cause.values(), Cause::code);
    }

    /** An administrator's note. */
    @Schema(name = "FindingNote")
    public record NoteForm(
            @Schema(required = true, examples = "The bank returned it twice; Stripe is on it") @NotBlank @Size(max = 2000) String note) {
    }

    /** An administrator's reason for a booking. */
    @Schema(name = "AdjustmentReason")
    public record ReasonForm(
            @Schema(required = true, examples = "Goodwill for the session of 3 May") @NotBlank @Size(max = 2000) String reason) {
    }

    /** The state of reconciliation. */
    @Schema(name = "Reconciliation")
    public record StandingView(
            @Schema(description = "The sum of all unexplained differences of balances at the last run; empty when there were none") List<Money> drift,
            @Schema(description = "Open findings, by cause") Map<String, Long> open,
            @Schema(description = "The last completed run") @Nullable ReconciliationRun last,
            @Schema(description = "The run under way") @Nullable ReconciliationRun running) {

        static StandingView of(Reconciliation.Standing standing) {
            ReconciliationRun last = standing.last();
            Map<String, Long> open = new TreeMap<>();
            standing.open().forEach((cause, findings) -> open.put(cause.code(), findings));
            return new StandingView(last == null ? List.of() : last.drift(), open, last, standing.running());
        }
    }
}
