/**
 * coachpay: the payments service of a coaching marketplace. One package for each noun of the business; the start of the
 * process, and what all packages share, is here.
 */
@NullMarked
package io.coachpay;

import org.jspecify.annotations.NullMarked;
