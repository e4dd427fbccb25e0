package io.coachpay.reporting;

import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.coachpay.http.Paging;
import io.quarkus.security.Authenticated;

/** What a coach's payout is made of. */
@Path("/v1/me/payouts/{id}/explain")
@Authenticated
@Tag(name = "Payouts")
public class PayoutExplanationResource {

    private final Explanations explanations;

    PayoutExplanationResource(Explanations explanations) {
        this.explanations = explanations;
    }

    @GET
    @Operation(summary = "What one of my payouts is made of", description = """
            Each of its items opened up into the price of a session, the platform's fee, a refund, or whatever else it was. The
            lines sum exactly to the total, which is the payout's amount on every page; a page shows `limit` items, and the
            others stand in one line, `other_pages`.""")
    @APIResponse(responseCode = "200", description = "The lines")
    @APIResponse(responseCode = "400", description = "`invalid-request`: no limit or cursor")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such payout, or it is not yours")
    public Explanation explain(@PathParam("id") UUID id, @BeanParam @Valid Paging paging) {
        return explanations.ofPayout(id, paging);
    }
}
