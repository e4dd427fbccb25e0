/**
 * Who is asking, and what the database lets them see.
 * <p>
 * Every transaction begins by taking on one database role ({@code app_user}, {@code app_admin} or {@code app_service}) and
 * one user id, from the verified identity alone. Row level security does the rest: a query that forgets to ask for its own
 * rows finds nothing of anybody else's. Without this package's switch a transaction can read nothing at all.
 */
@NullMarked
package io.coachpay.access;

import org.jspecify.annotations.NullMarked;
