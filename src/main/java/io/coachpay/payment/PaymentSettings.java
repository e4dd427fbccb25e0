package io.coachpay.payment;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of payments: return addresses, and the retention of the log. */
@ConfigMapping(prefix = "coachpay.payment")
interface PaymentSettings {

    /**
     * The address to which Stripe sends payers who paid, unless the client gives one; Stripe replaces
     * {@code {CHECKOUT_SESSION_ID}} in it by the id of the Checkout Session.
     */
    String successUrl();

    /** The address to which banks send payers back whom they asked about a saved card; Stripe appends the payment's id. */
    String returnUrl();

    /** The address to which Stripe sends payers who left its page without paying, unless the client gives one. */
    String cancelUrl();

    /**
     * The address to which Stripe sends people who saved a payment method, unless the client gives one; Stripe replaces
     * {@code {CHECKOUT_SESSION_ID}} in it by the id of the Checkout Session.
     */
    String savedUrl();

    /** The number of payment methods that a person may begin to save in an hour. */
    @WithDefault("5")
    int setupsPerHour();

    /** The number of refused cards in a day after which a person, or a card, is taken no more. */
    @WithDefault("10")
    int declinesPerDay();

    /** The number of people whose limits one address has, since an office or a mobile network shares one. */
    @WithDefault("10")
    int peopleAtOneAddress();

    /**
     * The number of payment methods that Stripe keeps for one customer (verify), each form of a card counted; it refuses more
     * when they have been entered already.
     */
    @WithDefault("400")
    int methodsKept();

    /** The time that lines of the payments' log are kept; at least a year, which the database enforces. */
    @WithDefault("800D")
    Duration logsKept();
}
