package io.coachpay.coach;

import jakarta.persistence.EnumeratedValue;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a coach is before the law.
 *
 * @see <a href="https://docs.stripe.com/api/accounts/object#account_object-business_type">Stripe: business type</a>
 */
public enum BusinessType {
    /** A person. */
    @JsonProperty("individual")
    INDIVIDUAL("individual"),
    /** A company of whatever kind. */
    @JsonProperty("company")
    COMPANY("company"),
    /** A body that works for the common good. */
    @JsonProperty("non_profit")
    NON_PROFIT("non_profit"),
    /** A part of a state; Stripe takes it in the United States alone. */
    @JsonProperty("government_entity")
    GOVERNMENT_ENTITY("government_entity");

    @EnumeratedValue
    final String column;

    BusinessType(String column) {
        this.column = column;
    }

    /** As Stripe writes it. */
    public String code() {
        return column;
    }
}
