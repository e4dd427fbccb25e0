package io.coachpay.reporting;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;

/** Reads persons together with their ids at Stripe. */
@ApplicationScoped
class Profiles {

    private final Access access;
    private final EntityManager entities;

    Profiles(Access access, EntityManager entities) {
        this.access = access;
        this.entities = entities;
    }

    /** The signed-in person, as they may see themselves. */
    @Transactional
    Me mine() {
        Me me = Me.of(entities, access.userId());
        if (me == null) {
            throw new NotFound("user");
        }
        return me;
    }
}
