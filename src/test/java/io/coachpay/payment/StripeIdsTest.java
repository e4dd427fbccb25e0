package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Json;
import io.coachpay.stripe.StripeCharge;

class StripeIdsTest {

    private final StripeIds ids = new StripeIds("cus_1", "pm_9", null);

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void keepsItsCustomerOnceStripeKnowsThePayment(boolean onAPage) {
        ids.customer("cus_2");
        assertThat(ids.customer()).isEqualTo("cus_2");
        assertThat(ids.isKnown()).isFalse();

        if (onAPage) {
            ids.linkCheckoutSession("cs_1");
        } else {
            ids.linkPaymentIntent("pi_1");
        }

        assertThat(ids.isKnown()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> ids.customer("cus_3"));
        assertThat(ids.customer()).isEqualTo("cus_2");
    }

    @Test
    void knowsNoOtherPaymentIntentUntilItHasOne() {
        assertThat(ids.isOther("pi_2")).isFalse();

        ids.linkPaymentIntent("pi_1");

        assertThat(ids.isOther("pi_1")).isFalse();
        assertThat(ids.isOther("pi_2")).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> ids.linkPaymentIntent("pi_2"));
        assertThat(ids.paymentIntent()).isEqualTo("pi_1");
    }

    @Test
    void keepsWhatLaterNewsLeavesOut() {
        ids.apply(SomePayment.intent("processing", "payment_method", "null"));
        assertThat(ids.paymentMethod()).isEqualTo("pm_9");
        assertThat(ids.charge()).isEqualTo("ch_1");

        ids.apply(charge(
                ", \"transfer\": \"tr_1\", \"application_fee\": \"fee_1\", \"billing_details\": {\"email\": \"a@b.example\"}"));
        ids.apply(charge(""));
        assertThat(ids.charge()).isEqualTo("ch_2");
        assertThat(ids.applicationFee()).isEqualTo("fee_1");
        assertThat(ids.email()).isEqualTo("a@b.example");

        ids.apply(SomePayment.intent("succeeded"));
        assertThat(ids.paymentMethod()).isEqualTo("pm_1");
    }

    private static StripeCharge charge(String more) {
        return StripeCharge.from(Json.read("""
                {"id": "ch_2", "object": "charge", "status": "succeeded", "amount": 1, "currency": "usd", "created": 1%s}"""
                .formatted(more)));
    }
}
