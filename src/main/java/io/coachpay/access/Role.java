package io.coachpay.access;

/** In whose name a transaction runs, and the database role that stands for it. */
public enum Role {

    /** A person: their own rows, and what is public. Without a user id only what is public. */
    USER("app_user"),
    /** An administrator: reads everything, changes what administrators may change. */
    ADMIN("app_admin"),
    /** Webhooks and jobs, and those steps of a request that book money. */
    SERVICE("app_service");

    private final String databaseRole;

    Role(String databaseRole) {
        this.databaseRole = databaseRole;
    }

    String databaseRole() {
        return databaseRole;
    }
}
