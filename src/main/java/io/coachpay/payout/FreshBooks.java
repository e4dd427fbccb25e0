package io.coachpay.payout;

/** Makes our books of an account as new as Stripe's, before anything is paid out of it. */
public interface FreshBooks {

    /**
     * Imports what is new in an account's books at Stripe and books what has become available, as far as Stripe answers. Calls
     * Stripe, so no transaction may be open.
     *
     * @param account {@code acct_…}
     */
    void refresh(String account);
}
