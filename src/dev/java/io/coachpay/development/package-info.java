/**
 * Parts for development and tests alone: an embedded PostgreSQL, tokens for made-up people, the sandbox and its clock. The
 * production package does not contain them.
 */
@NullMarked
package io.coachpay.development;

import org.jspecify.annotations.NullMarked;
