package io.coachpay.payment;

import java.util.Objects;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripePaymentIntent;

/** The Stripe ids of a payment: each is set once it is known, and then stays. And the payer's address, as Stripe knows it. */
@Embeddable
public class StripeIds {

    @Column(name = "stripe_customer_id")
    private @Nullable String customer;
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
    @Column(name = "customer_email")
    private @Nullable String email;

    @SuppressWarnings("NullAway.Init")
    protected StripeIds() {
    }

    /** @param email the payer's, until Stripe reports the one that was given there */
    StripeIds(@Nullable String customer, @Nullable String paymentMethod, @Nullable String email) {
        this.customer = customer;
        this.paymentMethod = paymentMethod;
        this.email = email;
    }

    /**
     * Exchanges the payer's customer.
     *
     * @throws IllegalStateException once the payment is at Stripe
     */
    void customer(String id) {
        if (isKnown()) {
            throw new IllegalStateException("The customer of a payment that is at Stripe cannot be exchanged for " + id);
        }
        customer = id;
    }

    /** @throws IllegalStateException for another PaymentIntent than the known one */
    void linkPaymentIntent(String id) {
        if (isOther(id)) {
            throw new IllegalStateException("A payment that is " + paymentIntent + " cannot be " + id + " too");
        }
        paymentIntent = id;
    }

    void linkCheckoutSession(String id) {
        checkoutSession = id;
    }

    /** Applies Stripe's page, and the address that the payer gave there. */
    void apply(StripeCheckoutSession page) {
        linkCheckoutSession(page.id());
        email = page.customerEmail() == null ? email : page.customerEmail();
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

    /**
     * Applies the fields of a charge that the PaymentIntent lacks. What the payer gave on Stripe's page comes before the
     * card's.
     */
    void apply(StripeCharge told) {
        charge = told.id();
        transfer = told.transferId() == null ? transfer : told.transferId();
        applicationFee = told.applicationFeeId() == null ? applicationFee : told.applicationFeeId();
        paymentMethod = told.paymentMethodId() == null ? paymentMethod : told.paymentMethodId();
        paymentMethodType = told.paymentMethodType() == null ? paymentMethodType : told.paymentMethodType();
        email = told.email() == null || checkoutSession != null && email != null ? email : told.email();
    }

    /** Whether Stripe was asked already, or will be with this card: then another card needs a refusal of the first. */
    public boolean isFor(@Nullable String card) {
        return isKnown() || Objects.equals(paymentMethod, card);
    }

    /** Whether the PaymentIntent or the Checkout Session is known. */
    public boolean isKnown() {
        return paymentIntent != null || checkoutSession != null;
    }

    /** Whether this PaymentIntent is not the known one. */
    boolean isOther(String intent) {
        return paymentIntent != null && !paymentIntent.equals(intent);
    }

    /** {@code cus_…}; @throws NullPointerException for a payment with credits */
    String customer() {
        return Objects.requireNonNull(customer, "A payment with credits has no customer");
    }

    public @Nullable String paymentIntent() {
        return paymentIntent;
    }

    /** The payer's address; null where nobody gave one. */
    @Nullable
    String email() {
        return email;
    }

    /** {@code cs_…}; null where no page is known. */
    public @Nullable String checkoutSession() {
        return checkoutSession;
    }

    public @Nullable String charge() {
        return charge;
    }

    /** {@code fee_…}; null for a payment without a fee, and until Stripe reports it. */
    public @Nullable String applicationFee() {
        return applicationFee;
    }

    /** The card that pays: the saved one that was chosen, until Stripe reports the one that was used. */
    @Nullable
    String paymentMethod() {
        return paymentMethod;
    }
}
