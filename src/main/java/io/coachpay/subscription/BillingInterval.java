package io.coachpay.subscription;

import jakarta.persistence.EnumeratedValue;

/** The time between two payments of a plan, in Stripe's words. */
enum BillingInterval {
    MONTH("month"),
    YEAR("year");

    @EnumeratedValue
    final String column;

    BillingInterval(String column) {
        this.column = column;
    }

    /** As Stripe, the database and the API write it. */
    String column() {
        return column;
    }
}
