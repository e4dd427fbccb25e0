package io.coachpay.session;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.payment.PaymentStatus;

/** The state of a session's payment as the session shows it. A dispute hides all other states. */
@Embeddable
class PaymentStanding {

    private static final String DISPUTED = "disputed";

    @Column(name = "payment_status")
    private String status = "pending";
    @Column(name = "stripe_payment_intent_id")
    private @Nullable String paymentIntent;

    void paidBy(@Nullable String intent) {
        paymentIntent = intent;
    }

    void is(PaymentStatus of) {
        if (!status.equals(DISPUTED)) {
            status = word(of);
        }
    }

    void disputed(boolean held, PaymentStatus payment) {
        status = held ? DISPUTED : word(payment);
    }

    private static String word(PaymentStatus payment) {
        return payment == PaymentStatus.COMPLETED ? "paid" : payment.column();
    }

    /** {@code paid}, {@code disputed}, or the state of the payment. */
    String status() {
        return status;
    }
}
