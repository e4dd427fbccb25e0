/**
 * coachpay: the payments service of a coaching marketplace. One package for each noun of the business; where the process
 * begins, and what all of them share, is here.
 */
@NullMarked
package io.coachpay;

import org.jspecify.annotations.NullMarked;
