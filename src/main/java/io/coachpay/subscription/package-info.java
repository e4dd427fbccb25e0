/** Plans for sale, and subscriptions to them: begun on Stripe's page, and mirrored from Stripe from then on. */
@NullMarked
package io.coachpay.subscription;

import org.jspecify.annotations.NullMarked;
