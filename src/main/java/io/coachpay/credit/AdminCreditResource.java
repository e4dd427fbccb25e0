package io.coachpay.credit;

import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.credit.CreditResource.WalletView;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.money.Credits;

/** For administrators: the credits that the platform owes at most, and adjustments of wallets. */
@Path("/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Credits")
public class AdminCreditResource {

    private final CreditWallets wallets;

    AdminCreditResource(CreditWallets wallets) {
        this.wallets = wallets;
    }

    @GET
    @Path("/capacity")
    @Operation(summary = "The platform's capacity for credits", description = "What it owes, what open purchases reserve, and what can still be bought.")
    @APIResponse(responseCode = "200", description = "The capacity")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public CapacityView capacity() {
        return CapacityView.of(wallets.capacity());
    }

    @PUT
    @Path("/capacity")
    @Operation(summary = "Limit the credits that the platform owes", description = """
            Without a limit anything can be bought. A limit below what is owed refuses purchases until credits are spent; payments \
            that arrive are granted all the same.""")
    @APIResponse(responseCode = "200", description = "The capacity now")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a number of credits")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public CapacityView limit(@Valid @NotNull CapacityLimit wanted) {
        return CapacityView.of(wallets.limit(
                wanted.limit() == null ? null : CreditsText.readPositiveOrNone("limit", wanted.limit())));
    }

    @POST
    @Path("/users/{id}/credits")
    @MoneyMoving
    @Operation(summary = "Give credits, or take them", description = "At most what the wallet holds can be taken. Credits that come pay a debt first.")
    @APIResponse(responseCode = "200", description = "The wallet now")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a number of credits, or no reason")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "There is no such user")
    @APIResponse(responseCode = "422", description = "`exceeds-balance`, with the `balance`; `adjustment-too-large`, with the `most`")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    public WalletView adjust(@PathParam("id") UUID id, @Valid @NotNull Adjustment wanted) {
        Credits credits = CreditsText.read("credits", wanted.credits());
        if (credits.isZero()) {
            throw new InvalidField("credits", "must not be zero");
        }
        return WalletView.of(wallets.adjust(id, credits, wanted.reason()));
    }

    /** The credits that the platform owes; all numbers have six digits. */
    @Schema(name = "Capacity")
    public record CapacityView(
            @Nullable @Schema(description = "Left out without a limit", examples = "100.000000") String limit,
            @Schema(description = "In wallets and deferred", examples = "8.000000") String outstanding,
            @Schema(description = "By open purchases", examples = "33.000000") String reserved,
            @Nullable @Schema(description = "What can still be bought; left out without a limit", examples = "59.000000") String available) {

        static CapacityView of(Capacity.State state) {
            Credits available = state.available();
            return new CapacityView(state.limit() == null ? null : state.limit().toString(), state.outstanding().toString(),
                    state.reserved().toString(), available == null ? null : available.toString());
        }
    }

    /** A limit; null for none. */
    @Schema(name = "CapacityLimit", examples = "{\"limit\": \"100\"}")
    public record CapacityLimit(@Nullable String limit) {
    }

    /** Credits to give, or with a minus to take, and why. */
    @Schema(name = "CreditAdjustment", examples = "{\"credits\": \"-12.5\", \"reason\": \"Granted twice\"}")
    public record Adjustment(@NotNull String credits, @NotBlank @Size(max = 500) String reason) {
    }
}
