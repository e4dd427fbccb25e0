package io.coachpay.job;

/** The connected accounts, which a package above owns. */
public interface AccountSource {

    /**
     * A query for the accounts that Stripe still reports on: {@code account}, its id at Stripe; {@code known_since}, when our
     * row of it was made; {@code owner_id}, whose ledger it is about. It is asked as the service, as part of a larger one,
     * since there may be many of them.
     */
    String query();
}
