package io.coachpay.coach;

import jakarta.persistence.EnumeratedValue;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A coach's legal form.
 *
 * @see <a href="https://docs.stripe.com/api/accounts/object#account_object-business_type">Stripe: business type</a>
 */
public enum BusinessType {
    /** A person. */
    @JsonProperty("individual")
    INDIVIDUAL("individual"),
    /** A company of any kind. */
    @JsonProperty("company")
    COMPANY("company"),
    /** A charity or other non-profit body. */
    @JsonProperty("non_profit")
    NON_PROFIT("non_profit"),
    /** A government body; Stripe accepts it in the United States alone. */
    @JsonProperty("government_entity")
    GOVERNMENT_ENTITY("government_entity");

    @EnumeratedValue
    final String column;

    BusinessType(String column) {
        this.column = column;
    }

    /** Stripe's code of it. */
    public String code() {
        return column;
    }
}
