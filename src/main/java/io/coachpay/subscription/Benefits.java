package io.coachpay.subscription;

import java.math.BigDecimal;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The advantages of a plan's subscribers.
 *
 * @param platformFeePercentage the platform's part of a subscribed coach's prices, where it is lower than the coach's own; null
 *        leaves that
 * @param creditBonusPercentage credits on top for the same price; 0 for none
 */
@Embeddable
@Schema(name = "PlanBenefits", description = "The advantages of a plan's subscribers")
public record Benefits(
        @Column(name = "platform_fee_percentage", precision = 5, scale = 2) @Schema(examples = "12.50", description = "The platform's part of a subscribed coach's prices, in percent, where it is lower than the coach's own") @DecimalMin("0") @DecimalMax("100") @Digits(integer = 3, fraction = 2) @Nullable BigDecimal platformFeePercentage,
        @Column(name = "credit_bonus_percentage", precision = 5, scale = 2) @Schema(examples = "5.00", description = "Credits on top for the same price, in percent; 0 if left out") @DecimalMin("0") @DecimalMax("100") @Digits(integer = 3, fraction = 2) BigDecimal creditBonusPercentage) {

    static final Benefits NONE = new Benefits(null, null);

    private static final int DIGITS = 2;

    @JsonCreator
    public Benefits(@Nullable BigDecimal platformFeePercentage, @Nullable BigDecimal creditBonusPercentage) {
        this.platformFeePercentage = platformFeePercentage;
        this.creditBonusPercentage = creditBonusPercentage == null ? BigDecimal.ZERO.setScale(DIGITS) : creditBonusPercentage;
    }
}
