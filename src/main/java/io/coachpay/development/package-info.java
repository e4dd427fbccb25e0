/**
 * What a developer's machine needs and a production package does not contain: an embedded PostgreSQL that starts with
 * nothing installed, with the roles and rights that production has.
 */
@NullMarked
package io.coachpay.development;

import org.jspecify.annotations.NullMarked;
