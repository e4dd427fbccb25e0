/** Tests of the inbox, with handlers of made-up types. */
@NullMarked
package io.coachpay.inbox;

import org.jspecify.annotations.NullMarked;
