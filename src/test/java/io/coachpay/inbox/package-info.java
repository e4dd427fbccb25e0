/** How the inbox receives, keeps and works off events, with handlers of made-up types. */
@NullMarked
package io.coachpay.inbox;

import org.jspecify.annotations.NullMarked;
