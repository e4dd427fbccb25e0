package io.coachpay.payment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripePaymentIntent;

/** The Stripe ids of a payment: each is set once it is known, and then stays. */
@Embeddable
class StripeIds {

    @Column(name = "stripe_customer_id")
    private String customer;
    @Column(name = "stripe_payment_intent_id")
    private @Nullable String paymentIntent;
    @Column(name = "stripe_checkout_session_id")
    private @Nullable String checkoutSession;
    @Column(name = "stripe_charge_id")
    private @Nullable String charge;
    @Column(name = "stripe_transfer_id")
    private @Nullable String transfer;
    @Column(name = "stripe_application_fee_id")
    private @Nullable String applicationFee;
    @Column(name = "stripe_payment_method_id")
    private @Nullable String paymentMethod;
    @Column(name = "payment_method_type")
    private @Nullable String paymentMethodType;

    @SuppressWarnings("NullAway.Init")
    protected StripeIds() {
    }

    StripeIds(String customer, @Nullable String paymentMethod) {
        this.customer = customer;
        this.paymentMethod = paymentMethod;
    }

    void customer(String id) {
        customer = id;
    }

    void paymentIntent(String id) {
        if (paymentIntent != null && !paymentIntent.equals(id)) {
            throw new IllegalStateException("A payment that is " + paymentIntent + " cannot be " + id + " too");
        }
        paymentIntent = id;
    }

    void checkoutSession(String id) {
        checkoutSession = id;
    }

    void paymentMethod(@Nullable String id) {
        paymentMethod = id;
    }

    /** Applies the PaymentIntent's report of its last charge. */
    void apply(StripePaymentIntent intent) {
        charge = intent.latestChargeId() == null ? charge : intent.latestChargeId();
        paymentMethod = intent.paymentMethodId() == null ? paymentMethod : intent.paymentMethodId();
        paymentMethodType = intent.paymentMethodType() == null ? paymentMethodType : intent.paymentMethodType();
    }

    /** Applies the fields of a charge that the PaymentIntent lacks. */
    void apply(String chargeId, @Nullable String transferId, @Nullable String applicationFeeId, @Nullable String methodType) {
        charge = chargeId;
        transfer = transferId == null ? transfer : transferId;
        applicationFee = applicationFeeId == null ? applicationFee : applicationFeeId;
        paymentMethodType = methodType == null ? paymentMethodType : methodType;
    }

    String customer() {
        return customer;
    }

    @Nullable
    String paymentIntent() {
        return paymentIntent;
    }

    @Nullable
    String checkoutSession() {
        return checkoutSession;
    }

    @Nullable
    String charge() {
        return charge;
    }

    @Nullable
    String applicationFee() {
        return applicationFee;
    }

    @Nullable
    String paymentMethod() {
        return paymentMethod;
    }
}
