package io.coachpay.session;

import jakarta.persistence.EnumeratedValue;

/** The origin of the platform's fee of a session. */
enum FeeSource {
    /** The coach's own, as administrators set it. */
    PROFILE("profile"),
    /** The plan that the coach subscribed to when the session was booked. */
    PLAN("plan");

    @EnumeratedValue
    private final String column;

    FeeSource(String column) {
        this.column = column;
    }

    /** The database's and the API's code of the origin. */
    String column() {
        return column;
    }
}
