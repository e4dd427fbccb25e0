/** Tests of the parts for development, as a developer meets them. */
@NullMarked
package io.coachpay.development;

import org.jspecify.annotations.NullMarked;
