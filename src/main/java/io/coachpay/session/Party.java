package io.coachpay.session;

import java.util.Locale;

/** In which part somebody speaks about a session. */
enum Party {
    MENTEE,
    COACH,
    ADMIN;

    /** The part as the database and the API write it. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
