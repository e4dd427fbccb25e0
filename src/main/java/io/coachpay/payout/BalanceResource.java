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

/** Shows a coach's earnings, and when they are paid out. */
@Path("/v1/me/balance")
@Authenticated
@Tag(name = "Payouts", description = "Coaches' earnings, and their way to the bank")
public class BalanceResource {

    private final Standings standings;

    BalanceResource(Standings standings) {
        this.standings = standings;
    }

    @GET
    @Operation(summary = "Get my balance", description = """
            From the ledger, a line for each currency. A session's earning is `held` until some time after its end, and paid \
            out only then.""")
    @APIResponse(responseCode = "200", description = "A line for the profile's currency, for each one ever earned in, and for each one in which earnings are to come")
    @APIResponse(responseCode = "404", description = "`not-found`: the caller is not a coach")
    public List<BalanceView> balance() {
        return standings.mine().stream().map(BalanceView::of).toList();
    }

    /** A coach's money in one currency. */
    @Schema(name = "Balance")
    public record BalanceView(@Schema(examples = "USD") String currency,
            @Schema(description = "Not available at Stripe yet") Money pending,
            @Schema(description = "Available at Stripe; all but its part of `held` can be paid out; negative after a refund of paid-out money") Money available,
            @Schema(description = "Earned by sessions that ended too recently, or whose payment is being refunded or disputed, or owes money to the payer; a part of `pending` and `available`, as Stripe has it") Money held,
            @Schema(description = "The days on which `held` is released, summing to it; after 31 days the rest is one line") List<Holding.Release> releases,
            @Schema(description = "Your part of sessions paid with credits, until they took place and Stripe has it; no part of the others") Money upcoming,
            @Schema(description = "On its way to the bank") Money inTransit,
            @Schema(description = "All earnings ever, less refunds and the fees of instant payouts") Money totalEarnings,
            NextPayout nextPayout,
            @Nullable @Schema(description = "The last payout, if it did not arrive") LastFailure lastFailure) {

        static BalanceView of(Standings.Mine mine) {
            CoachBalance balance = mine.balance();
            return new BalanceView(balance.pending().getCurrencyUnit().getCode(), balance.pending(), balance.available(),
                    mine.holding().held(), mine.holding().releases(), mine.upcoming(), balance.inTransit(),
                    balance.totalEarnings(), mine.next(),
                    LastFailure.of(mine.last()));
        }
    }

    /** A payout that the bank sent back, or that Stripe refused. */
    @Schema(name = "LastFailure")
    public record LastFailure(UUID payoutId, @Nullable @Schema(examples = "account_closed") String failureCode,
            @Nullable String failureMessage) {

        static @Nullable LastFailure of(@Nullable Payout last) {
            if (last == null || last.status() != PayoutStatus.FAILED && last.status() != PayoutStatus.REFUSED) {
                return null;
            }
            return new LastFailure(last.id(), last.progress().failureCode(), last.progress().failureMessage());
        }
    }
}
