package io.coachpay.subscription;

import jakarta.persistence.EnumeratedValue;

/** Those to whom a plan is sold. */
enum Audience {
    USER("user"),
    ORGANIZATION("organization");

    @EnumeratedValue
    final String column;

    Audience(String column) {
        this.column = column;
    }

    /** As the database and the API write it. */
    String column() {
        return column;
    }
}
