package io.coachpay.payout;

import java.time.Instant;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** A payout as coaches and administrators see it. */
@Schema(name = "Payout")
record PayoutView(UUID id, @Nullable @Schema(examples = "po_1OaFDbEcg9tTZuTgNYmX0PKB") String stripePayoutId,
        UUID coachId,
        @Schema(description = "Negative when Stripe fetched it from the bank to cover refunds") Money amount,
        @Schema(enumeration = {
                "requested", "refused", "pending", "in_transit", "paid", "failed", "canceled" }) String status,
        @Schema(enumeration = { "standard", "instant" }) String method,
        @Nullable @Schema(description = "Why it is a standard one although an instant one was requested", examples = "destination_not_eligible") String fallbackReason,
        @Schema(description = "The coach's cost of an instant payout, besides the amount; zero where the platform bears it") Money fee,
        @Schema(enumeration = { "run", "coach", "dashboard" }) String initiatedBy,
        @Nullable @Schema(description = "When Stripe expects it at the bank") Instant arrivalDate,
        @Nullable @Schema(examples = "account_closed") String failureCode, @Nullable String failureMessage,
        Instant createdAt){

    static PayoutView of(Payout payout) {
        return new PayoutView(payout.id(), payout.stripeId(), payout.userId(), payout.amount(), payout.status().column(),
                payout.speed().column(), payout.speed().fallbackReason(), payout.feeAmount(),
                payout.origin().initiatedBy(), payout.progress().arrivalDate(), payout.progress().failureCode(),
                payout.progress().failureMessage(), payout.createdAt());
    }
}
