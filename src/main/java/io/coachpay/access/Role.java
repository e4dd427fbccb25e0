package io.coachpay.access;

/** The database roles that database transactions run as. */
public enum Role {

    /** A person: their own rows, and public ones. Without a user id only public ones. */
    USER("app_user"),
    /** An administrator: reads everything, changes what administrators may change. */
    ADMIN("app_admin"),
    /** Webhooks and jobs, and the steps of a request that book money. */
    SERVICE("app_service");

    private final String databaseRole;

    Role(String databaseRole) {
        this.databaseRole = databaseRole;
    }

    String databaseRole() {
        return databaseRole;
    }
}
