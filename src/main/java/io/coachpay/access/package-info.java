/**
 * The caller's identity, and the rows that the database shows to it.
 * <p>
 * Every database transaction begins by taking on one database role ({@code app_user}, {@code app_admin} or {@code app_service})
 * and one user id, from the verified identity alone. Row level security does the rest: a query that forgets to ask for its own
 * rows finds nobody else's. Without this package's switch a database transaction can read nothing at all.
 */
@NullMarked
package io.coachpay.access;

import org.jspecify.annotations.NullMarked;
