package io.coachpay.coach;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.Reference;

/** Coaches' accounts at Stripe, for administrators. */
@Path("/v1/admin/coaches")
@RolesAllowed(Access.ADMIN)
@Tag(name = "Connected account", description = "A coach's account at Stripe: made once, onboarded there, mirrored here")
public class AdminCoachResource {

    private static final String PREFIX = "acct_";

    private final ConnectedAccounts accounts;
    private final Reconnection reconnection;

    AdminCoachResource(ConnectedAccounts accounts, Reconnection reconnection) {
        this.accounts = accounts;
        this.reconnection = reconnection;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Look at a coach's account", description = "By the coach's id or Stripe's id of the account.")
    @APIResponse(responseCode = "200", description = "The account, its abilities, and reasons for those it lacks")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators see it")
    @APIResponse(responseCode = "404", description = "No coach of that id has an account")
    public CoachView find(
            @PathParam("id") @Parameter(description = "The coach's id, or Stripe's of the account", example = "acct_1Q2w3E4r5T") String id) {
        return CoachView.of(accounts.seen(Reference.of(id, PREFIX)));
    }

    @POST
    @Path("/{id}/reconnect")
    @AsksStripe
    @Operation(summary = "Read a coach's account again", description = """
            Continues with a disconnected account if Stripe lets the platform read it again. Of one that was never disconnected, \
            Stripe's latest state is taken over.""")
    @APIResponse(responseCode = "200", description = "Stripe's present state of the account")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators may")
    @APIResponse(responseCode = "404", description = "No coach of that id has an account")
    @APIResponse(responseCode = "409", description = "`account-deauthorized`: it is still disconnected at Stripe")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public CoachView reconnect(
            @PathParam("id") @Parameter(description = "The coach's id, or Stripe's of the account", example = "acct_1Q2w3E4r5T") String id) {
        Reference coach = Reference.of(id, PREFIX);
        reconnection.again(accounts.seen(coach).userId());
        return CoachView.of(accounts.seen(coach));
    }

    /** A coach's account, with fields that only administrators see. */
    @Schema(name = "CoachAccount")
    public record CoachView(UUID userId, @JsonUnwrapped ConnectedAccountResource.AccountView account,
            @Nullable @Schema(description = "When the coach disconnected it") Instant deauthorizedAt,
            @Nullable @Schema(description = "Stripe's words when it refused a payment because of this account") String chargeRefusal,
            @Schema(description = "Accounts that the coach had before", examples = "[]") List<String> replacedAccounts) {

        static CoachView of(ConnectedAccount account) {
            return new CoachView(account.userId(), ConnectedAccountResource.AccountView.of(account),
                    account.connection().deauthorizedAt(),
                    account.refusal().words(), account.replacedAccounts());
        }
    }
}
