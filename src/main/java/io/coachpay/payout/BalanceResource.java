package io.coachpay.payout;

import java.util.List;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.ledger.CoachBalance;
import io.quarkus.security.Authenticated;

/** What a coach has earned, and when it is paid out. */
@Path("/v1/me/balance")
@Authenticated
@Tag(name = "Payouts", description = "What coaches have earned, and how it gets to their banks")
public class BalanceResource {

    private final Standings standings;

    BalanceResource(Standings standings) {
        this.standings = standings;
    }

    @GET
    @Operation(summary = "What I have earned", description = """
            From the ledger, a line for each currency. What a session earned is `held` until it is over and some time has passed,
            and only then paid out.""")
    @APIResponse(responseCode = "200", description = "A line for the profile's currency and for each one ever earned in")
    @APIResponse(responseCode = "404", description = "`not-found`: the signed-in person is no coach")
    public List<BalanceView> balance() {
        return standings.mine().stream().map(BalanceView::of).toList();
    }

    /** What a coach has in one currency. */
    @Schema(name = "Balance")
    public record BalanceView(@Schema(examples = "USD") String currency,
            @Schema(description = "Not available at Stripe yet") Money pending,
            @Schema(description = "Available at Stripe, less what is `held` of it can be paid out; negative after a refund of what was paid out") Money available,
            @Schema(description = "Earned by sessions that have not been over long enough, or of which a refund or a dispute is taking something just now, or something is due to the payer; it is a part of `pending` and `available`, whichever Stripe has it in") Money held,
            @Schema(description = "When what is `held` is released, by day and summing to it; after 31 days the rest is one line") List<Holding.Release> releases,
            @Schema(description = "On its way to the bank") Money inTransit,
            @Schema(description = "All that was ever earned, refunds and the fees of instant payouts taken off") Money totalEarnings,
            NextPayout nextPayout,
            @Nullable @Schema(description = "The last payout, if it did not arrive") LastFailure lastFailure) {

        static BalanceView of(Standings.Mine mine) {
            CoachBalance balance = mine.balance();
            return new BalanceView(balance.pending().getCurrencyUnit().getCode(), balance.pending(), balance.available(),
                    mine.holding().held(), mine.holding().releases(), balance.inTransit(), balance.totalEarnings(), mine.next(),
                    LastFailure.of(mine.last()));
        }
    }

    /** A payout that the bank sent back, or that Stripe refused. */
    @Schema(name = "LastFailure")
    public record LastFailure(UUID payoutId, @Nullable @Schema(examples = "account_closed") String failureCode,
            @Nullable String failureMessage) {

        static @Nullable LastFailure of(@Nullable Payout last) {
            if (last == null || last.status() != Payout.Status.FAILED && last.status() != Payout.Status.REFUSED) {
                return null;
            }
            return new LastFailure(last.id(), last.failureCode(), last.failureMessage());
        }
    }
}
