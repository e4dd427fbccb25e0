package io.coachpay.payout;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;

import io.coachpay.coach.Coaches;
import io.coachpay.ledger.CoachBalance;
import io.quarkus.security.Authenticated;

/** What a coach has earned. */
@Path("/v1/me/balance")
@Authenticated
@Tag(name = "Coaches", description = "Who can be booked, on which terms, and what they have earned")
public class BalanceResource {

    private final Coaches coaches;

    BalanceResource(Coaches coaches) {
        this.coaches = coaches;
    }

    @GET
    @Operation(summary = "What I have earned", description = "From the ledger, a line for each currency.")
    @APIResponse(responseCode = "200", description = "A line for the profile's currency and for each one ever earned in")
    @APIResponse(responseCode = "404", description = "`not-found`: the signed-in person is no coach")
    public List<BalanceView> balance() {
        return coaches.balance().stream().map(BalanceView::of).toList();
    }

    /** What a coach has in one currency. */
    @Schema(name = "Balance")
    public record BalanceView(@Schema(examples = "USD") String currency,
            @Schema(description = "Not available at Stripe yet") Money pending,
            @Schema(description = "Can be paid out; negative after a refund of what was paid out") Money available,
            @Schema(description = "On its way to the bank") Money inTransit,
            @Schema(description = "All that was ever earned, refunds taken off") Money totalEarnings) {

        static BalanceView of(CoachBalance balance) {
            return new BalanceView(balance.pending().getCurrencyUnit().getCode(), balance.pending(), balance.available(),
                    balance.inTransit(), balance.totalEarnings());
        }
    }
}
