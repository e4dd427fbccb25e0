package io.coachpay.session;

import jakarta.persistence.EnumeratedValue;

/** The part in which a person acts on a session. */
enum Party {
    MENTEE("mentee"),
    COACH("coach"),
    ADMIN("admin");

    @EnumeratedValue
    private final String column;

    Party(String column) {
        this.column = column;
    }

    /** The database's and the API's code of the part. */
    String column() {
        return column;
    }
}
