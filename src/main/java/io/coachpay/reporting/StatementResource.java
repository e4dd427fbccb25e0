package io.coachpay.reporting;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.quarkus.security.Authenticated;

/** Statements of months. */
@Path("/v1/me/statements/{month}")
@Authenticated
@Tag(name = "Payouts")
public class StatementResource {

    private final Statements statements;

    StatementResource(Statements statements) {
        this.statements = statements;
    }

    @GET
    @Produces({ MediaType.APPLICATION_JSON, StatementCsv.TYPE })
    @Operation(summary = "My statement of a month", description = """
            Opening balance, sessions, fees, refunds, disputes, payouts and closing balance, with every line. The month begins
            and ends in the time zone that the profile had then, so that it never changes. It holds what was booked in it; the
            current one is shown so far. As JSON, or as a table for spreadsheets with `Accept: text/csv`.""")
    @APIResponse(responseCode = "200", description = "The statement")
    @APIResponse(responseCode = "400", description = "`invalid-request`: no month or no currency")
    @APIResponse(responseCode = "404", description = "`not-found`: the month has not begun, or the signed-in person is no coach")
    @APIResponse(responseCode = "422", description = "`statement-too-long`: more lines than one answer can have")
    public Statement statement(@PathParam("month") @Parameter(example = "2030-05") String month,
            @QueryParam("currency") @Parameter(description = "The profile's unless another is asked for", example = "USD") @Nullable String currency) {
        return statements.of(month, currency);
    }
}
