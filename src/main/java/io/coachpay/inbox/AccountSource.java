package io.coachpay.inbox;

/** Which connected accounts there are; whose they are is a package above. */
public interface AccountSource {

    /**
     * A query for the accounts that Stripe still tells of: {@code account}, its id at Stripe; {@code known_since}, when our row
     * of it was made; {@code owner_id}, whose ledger it is about. It is asked as the service, as part of a larger one, since
     * there may be many of them.
     */
    String query();
}
