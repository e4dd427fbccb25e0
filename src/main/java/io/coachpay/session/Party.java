package io.coachpay.session;

import jakarta.persistence.EnumeratedValue;

/** In which part somebody speaks about a session. */
enum Party {
    MENTEE("mentee"),
    COACH("coach"),
    ADMIN("admin");

    @EnumeratedValue
    private final String column;

    Party(String column) {
        this.column = column;
    }

    /** The part as the database and the API write it. */
    String column() {
        return column;
    }
}
