package io.coachpay.user;

import java.util.Map;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeAddress;
import io.coachpay.stripe.StripeCustomer;

/** The place where a customer is taxed, and whether at all, as Stripe says. */
@Embeddable
class BillingMirror {

    private static final String NOT_EXEMPT = "none";

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "billing_address")
    private @Nullable Map<String, String> address;
    @Column(name = "tax_exempt")
    private String taxExempt = NOT_EXEMPT;

    protected BillingMirror() {
    }

    /** Mirrors what Stripe says. */
    void mirror(StripeCustomer stripes) {
        Map<String, String> parts = stripes.address() == null ? Map.of() : stripes.address().parts();
        address = parts.isEmpty() ? null : parts;
        taxExempt = stripes.taxExempt();
    }

    /** Forgets all: the customer is gone. */
    void clear() {
        address = null;
        taxExempt = NOT_EXEMPT;
    }

    /** The address; null where Stripe has none. */
    @Nullable
    StripeAddress address() {
        return address == null ? null : StripeAddress.of(address);
    }

    /** Stripe's word for whether the customer pays tax: {@code none} where there is no exemption. */
    String taxExempt() {
        return taxExempt;
    }
}
