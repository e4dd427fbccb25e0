/**
 * How fast the packaged service is, beside what PostgreSQL alone does with the same work in the same minutes. Run by
 * {@code ./mvnw -Pbench verify} and never with the tests: its figures are to be read, not to be passed.
 */
@NullMarked
package io.coachpay.bench;

import org.jspecify.annotations.NullMarked;
