/** Invoices mirrored from Stripe, with lines and payments; their money is booked from what was paid, and from nothing else. */
@NullMarked
package io.coachpay.invoice;

import org.jspecify.annotations.NullMarked;
