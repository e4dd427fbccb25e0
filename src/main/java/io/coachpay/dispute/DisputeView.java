package io.coachpay.dispute;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** A dispute as its coach and administrators see it; its evidence is not for the payer. */
@Schema(name = "Dispute")
public record DisputeView(UUID id, UUID transactionId, String stripeDisputeId,
        @Schema(description = "The disputed amount") Money amount,
        @Schema(description = "The amount that Stripe took for it and has not given back, without fees") Money withdrawn,
        @Schema(description = "As Stripe says", examples = "needs_response") String status,
        @Schema(description = "As Stripe says", examples = "fraudulent") String reason,
        @Schema(description = "The deadline for evidence") @Nullable Instant evidenceDueBy,
        @Schema(description = "Texts by Stripe's names") Map<String, String> evidence,
        @Nullable Instant evidenceSubmittedAt, Instant openedAt, @Nullable Instant closedAt) {

    static DisputeView of(Dispute dispute) {
        return new DisputeView(dispute.id(), dispute.transactionId(), dispute.stripeId(), dispute.amount(),
                dispute.withdrawnAmount(), dispute.status(), dispute.reason(), dispute.submission().dueBy(),
                dispute.submission().evidence().said(), dispute.submission().confirmedAt(), dispute.openedAt(),
                dispute.closedAt());
    }
}
