package io.coachpay.reporting;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.http.NotFound;

/** Reads persons together with their ids at Stripe. */
@ApplicationScoped
class Profiles {

    private final Access access;
    private final Rows rows;

    Profiles(Access access, DataSource database) {
        this.access = access;
        this.rows = new Rows(database);
    }

    /** The signed-in person, as they may see themselves. */
    @Transactional
    Me mine() {
        return Me.find(rows, access.userId()).orElseThrow(() -> new NotFound("user"));
    }
}
