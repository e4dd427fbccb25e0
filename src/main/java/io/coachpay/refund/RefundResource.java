package io.coachpay.refund;

import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.PublicAddress;
import io.quarkus.security.Authenticated;

/** Refunds payments. */
@Path("/v1/transactions/{id}/refunds")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Payments")
public class RefundResource {

    private final Refunds refunds;
    private final PublicAddress addresses;

    RefundResource(Refunds refunds, PublicAddress addresses) {
        this.refunds = refunds;
        this.addresses = addresses;
    }

    @POST
    @MoneyMoving
    @Operation(summary = "Refund a payment", description = """
            By its coach or an administrator, in whole or in part, as often as something is left. The coach's account gives the
            amount back, and the platform its part of the fee. A coach may give back what the coach has; beyond that an
            administrator has to. Even a refund that succeeded may fail later: look at the
            payment.""")
    @APIResponse(responseCode = "201", description = "Asked for; `status` is its state now", content = @Content(schema = @Schema(implementation = RefundView.class)))
    @APIResponse(responseCode = "404", description = "There is no such payment, or the caller may not refund it")
    @APIResponse(responseCode = "409", description = "`not-paid`, or `payment-disputed` while the payer's bank holds the money")
    @APIResponse(responseCode = "422", description = "`exceeds-remainder`, with the `remainder`; `exceeds-coach-funds`, with the `possible` amount, when its coach asks for more than the coach has; or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests a minute; `Retry-After` says when the next may come")
    public Response refund(@PathParam("id") UUID id, @Valid @NotNull RefundForm form) {
        Money amount = form.amount();
        if (amount != null && amount.isZero()) {
            throw new InvalidField("amount", "must be more than nothing");
        }
        Refund refund = refunds.request(id, amount, form.reason());
        return addresses.created("/v1/transactions/" + id).entity(RefundView.of(refund)).build();
    }

    /** The amount to refund, and the reason. */
    @Schema(name = "RefundForm", examples = """
            {"amount": {"amount": "25.00", "currency": "USD"}, "reason": "We finished early"}""")
    public record RefundForm(@Nullable @Schema(description = "Without it, all that is left") Money amount,
            @NotBlank @Size(max = 500) String reason) {
    }
}
