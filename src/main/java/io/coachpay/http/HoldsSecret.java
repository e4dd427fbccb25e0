package io.coachpay.http;

/** An answer with a secret in it (a link, a client secret), which is never stored. */
public interface HoldsSecret {

    /** The same answer without its secrets: what is kept beside an idempotency key. */
    Object withoutSecrets();
}
