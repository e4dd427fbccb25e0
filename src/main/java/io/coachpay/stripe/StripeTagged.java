package io.coachpay.stripe;

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;

/** An object of Stripe's that carries the id of our row, if we created it. */
public interface StripeTagged {

    /** The metadata written on the object when it was created; never null. */
    Map<String, String> metadata();

    /** The id of our row, null on objects that others created. */
    default @Nullable UUID coachpayId() {
        return Ids.find(metadata().get(StripeForm.COACHPAY_ID)).orElse(null);
    }

    /** Whether this is the object of our row. */
    default boolean isOf(UUID coachpayId) {
        return coachpayId.equals(coachpayId());
    }
}
