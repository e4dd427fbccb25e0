package io.coachpay.refund;

import java.time.Instant;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** A refund as payer, coach and administrators see it. */
@Schema(name = "Refund")
public record RefundView(UUID id,
        @Schema(enumeration = {
                "requested", "refused", "pending", "requires_action", "succeeded", "failed", "canceled" }) String status,
        Money amount, String reason,
        @Nullable @Schema(description = "Why it waits, was refused or failed", examples = "platform_balance_insufficient") String failureCode,
        Instant createdAt){

    public static RefundView of(Refund refund) {
        return new RefundView(refund.id(), refund.status().column(), refund.amount(), refund.reason(), refund.failureCode(),
                refund.createdAt());
    }
}
