package io.coachpay.reporting;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;

/** Persons beside what Stripe knows of them. */
@ApplicationScoped
class Profiles {

    private final Access access;
    private final EntityManager entities;

    Profiles(Access access, EntityManager entities) {
        this.access = access;
        this.entities = entities;
    }

    /** What the signed-in person may see of themselves. */
    @Transactional
    Me mine() {
        Me me = Me.of(entities, access.userId());
        if (me == null) {
            throw new NotFound("user");
        }
        return me;
    }
}
