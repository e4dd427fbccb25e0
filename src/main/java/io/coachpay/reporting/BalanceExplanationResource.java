package io.coachpay.reporting;

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

import io.coachpay.http.Paging;
import io.quarkus.security.Authenticated;

/** Explains a coach's balance. */
@Path("/v1/me/balance/explain")
@Authenticated
@Tag(name = "Payouts")
public class BalanceExplanationResource {

    private final Explanations explanations;

    BalanceExplanationResource(Explanations explanations) {
        this.explanations = explanations;
    }

    @GET
    @Operation(summary = "Explain my balance", description = """
            Pending and available money together, line by line, newest first: prices, fees, refunds, disputes, payouts. The
            lines sum exactly to the total. A page looks at `limit` bookings; its last line, `carried_forward`, sums all older
            ones, and is the total of the next page.""")
    @APIResponse(responseCode = "200", description = "The lines")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid currency, limit or cursor")
    @APIResponse(responseCode = "404", description = "`not-found`: the signed-in person is not a coach")
    public Explanation explain(
            @QueryParam("currency") @Parameter(description = "The profile's unless another is asked for", example = "USD") @Nullable String currency,
            @BeanParam @Valid Paging paging) {
        return explanations.ofBalance(currency, paging);
    }
}
