/**
 * The rules that every endpoint shares: problems (RFC 9457), pages of a list, idempotency keys, limits. Bodies are read before
 * a thread is taken.
 * <p>
 * A refusal is expected and has a name: it extends {@link io.coachpay.http.Refused} where its noun lives, and is turned into an
 * answer in one place. Anything else that is thrown is a bug, answered with 500 and logged as an error.
 */
@NullMarked
package io.coachpay.http;

import org.jspecify.annotations.NullMarked;
