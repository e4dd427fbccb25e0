package io.coachpay.dispute;

import java.util.Arrays;
import java.util.Locale;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.stripe.StripeDispute;

/** Lists all disputes for administrators. */
@Path("/v1/admin/disputes")
@RolesAllowed(Access.ADMIN)
@Tag(name = "Disputes")
public class AdminDisputeResource {

    private final Disputes disputes;

    AdminDisputeResource(Disputes disputes) {
        this.disputes = disputes;
    }

    @GET
    @Operation(summary = "List disputes", description = "Of all coaches, newest first.")
    @APIResponse(responseCode = "200", description = "A page of disputes")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid status, limit or cursor")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<DisputeView> list(
            @QueryParam("status") @Parameter(description = "Only disputes of this status of Stripe's", example = "needs_response") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        return Page.of(disputes.all(known(status), paging), paging, Dispute::id, DisputeView::of);
    }

    private static @Nullable String known(@Nullable String status) {
        boolean known = status == null || Arrays.stream(StripeDispute.Status.values())
                .anyMatch(each -> each.name().toLowerCase(Locale.ROOT).equals(status));
        if (!known) {
            throw new InvalidField("status", "is not a status of a dispute");
        }
        return status;
    }
}
