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

/** Explains a coach's payout. */
@Path("/v1/me/payouts/{id}/explain")
@Authenticated
@Tag(name = "Payouts")
public class PayoutExplanationResource {

    private final Explanations explanations;

    PayoutExplanationResource(Explanations explanations) {
        this.explanations = explanations;
    }

    @GET
    @Operation(summary = "Explain one of my payouts", description = """
            Each item broken down into the price of a session, the platform's fee, a refund or another part. The lines sum
            exactly to the total, which is the payout's amount on every page; a page shows `limit` items, and sums the others
            in one line, `other_pages`.""")
    @APIResponse(responseCode = "200", description = "The lines")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such payout, or it is not yours")
    public Explanation explain(@PathParam("id") UUID id, @BeanParam @Valid Paging paging) {
        return explanations.ofPayout(id, paging);
    }
}
