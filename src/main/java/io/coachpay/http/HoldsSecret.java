package io.coachpay.http;

/** An answer with a secret in it (a link, a client secret), which is never stored. */
public interface HoldsSecret {

    /** The same answer without its secrets, as it is stored with an idempotency key. */
    Object withoutSecrets();
}
