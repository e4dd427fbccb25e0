/** Tests of the database alone, without the service: constraints, triggers and policies refuse, asked in plain SQL. */
@NullMarked
package io.coachpay.database;

import org.jspecify.annotations.NullMarked;
