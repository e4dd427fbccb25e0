package io.coachpay.reconciliation;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.coachpay.access.Access;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;

/** Coaches who owe the platform, for administrators. */
@Path("/v1/admin/coaches/debts")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Reconciliation", description = "Our books compared with Stripe's: what differs, since when, and why")
public class CoachDebtResource {

    private final CoachDebts debts;

    CoachDebtResource(CoachDebts debts) {
        this.debts = debts;
    }

    @GET
    @Operation(summary = "List coaches who owe", description = """
            More went back to payers than these coaches have. What they earn next is kept for it.""")
    @APIResponse(responseCode = "200", description = "A page of debts, one for each coach and currency")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    @APIResponse(responseCode = "403", description = "Only administrators see them")
    public Page<CoachDebts.View> list(@Valid @BeanParam Paging paging) {
        return Page.of(debts.page(paging.before(), paging.limit()), paging, CoachDebts.Debt::id, CoachDebts.Debt::view);
    }
}
