package io.coachpay.session;

import java.util.Locale;

/** The part in which a person acts on a session. */
enum Party {
    MENTEE,
    COACH,
    ADMIN;

    /** The database's and the API's code of the part. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
