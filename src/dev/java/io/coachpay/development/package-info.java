/**
 * What only development and tests need: an embedded PostgreSQL, tokens for made-up people, the sandbox and its clock. The
 * production package does not contain it.
 */
@NullMarked
package io.coachpay.development;

import org.jspecify.annotations.NullMarked;
