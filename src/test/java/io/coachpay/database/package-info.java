/**
 * The database on its own, without the service: what its constraints, triggers and policies refuse, asked in plain SQL.
 */
@NullMarked
package io.coachpay.database;

import org.jspecify.annotations.NullMarked;
