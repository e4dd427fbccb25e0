/**
 * Measures the packaged service, beside PostgreSQL alone with the same work in the same minutes. Run by
 * {@code ./mvnw -Pbench verify} and never with the tests: its figures are to be read, not to be passed.
 */
@NullMarked
package io.coachpay.bench;

import org.jspecify.annotations.NullMarked;
