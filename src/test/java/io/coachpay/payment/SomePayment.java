package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.stripe.StripePaymentIntent;

/** Payments for tests, in any state. */
public final class SomePayment {

    static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    static final Money PRICE = Money.parse("USD 125.00");

    private SomePayment() {
    }

    /** A payment of 125.00 USD for a session, begun and without news since. */
    public static Transaction pending() {
        return ordered(Purpose.SESSION_PAYMENT,
                new PaymentOrder.Destination(UUID.randomUUID(), Money.parse("USD 25.00"), "acct_1", false));
    }

    /** A payment of 125.00 USD for any purpose, begun and without news since. */
    static Transaction ordered(Purpose purpose, PaymentOrder.@Nullable Destination destination) {
        PaymentOrder order = new PaymentOrder(purpose, UUID.randomUUID(), UUID.randomUUID(), PRICE, destination,
                NOW.plus(Duration.ofDays(1)), "Coaching session");
        return Transaction.of(order, PaymentAttempt.Method.PAYMENT_INTENT, new StripeIds("cus_1", null, null), NOW,
                NOW.plus(Duration.ofMinutes(30)));
    }

    /** A payment that has reached this state. */
    public static Transaction in(PaymentStatus status) {
        Transaction payment = pending();
        switch (status) {
            case PENDING -> {
            }
            case PROCESSING -> payment.process(intent("processing"));
            case FAILED -> payment.fail(new DeclineReason("card_declined", "generic_decline", "Your card was declined."));
            case CANCELED -> payment.cancel();
            case COMPLETED -> payment.complete(intent("succeeded"), NOW);
            case PARTIALLY_REFUNDED -> {
                payment.complete(intent("succeeded"), NOW);
                payment.refunded(Money.parse("USD 25.00"));
            }
            case REFUNDED -> {
                payment.complete(intent("succeeded"), NOW);
                payment.refunded(PRICE);
            }
        }
        return payment;
    }

    /** Stripe's object of the payment. */
    static StripePaymentIntent intent(String status) {
        return StripePaymentIntent.from(json(status));
    }

    /**
     * Stripe's object of a payment without a fee, of which a part went on to an account; null for all of it, zero for nothing.
     */
    static StripePaymentIntent withoutFee(@Nullable Integer wentOn) {
        ObjectNode json = json("succeeded");
        json.remove("application_fee_amount");
        if (wentOn != null && wentOn == 0) {
            json.remove("transfer_data");
        } else if (wentOn != null) {
            ((ObjectNode) json.get("transfer_data")).put("amount", wentOn);
        }
        return StripePaymentIntent.from(json);
    }

    /** Stripe's object with one field that is not as agreed; {@code null} to leave the field out. */
    static StripePaymentIntent intent(String status, String what, String value) {
        ObjectNode json = json(status);
        ObjectNode at = switch (what) {
            case "destination", "transfer_amount" -> (ObjectNode) json.get("transfer_data");
            default -> json;
        };
        String field = what.equals("transfer_amount") ? "amount" : what;
        if (value.equals("null")) {
            at.remove(field);
        } else if (value.matches("[0-9]+")) {
            at.put(field, Long.parseLong(value));
        } else {
            at.put(field, value);
        }
        return StripePaymentIntent.from(json);
    }

    private static ObjectNode json(String status) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("id", "pi_1").put("object", "payment_intent")
                .put("status", status).put("amount", 12500).put("amount_received", status.equals("succeeded") ? 12500 : 0)
                .put("currency", "usd").put("created", NOW.getEpochSecond()).put("livemode", false)
                .put("latest_charge", "ch_1").put("payment_method", "pm_1").put("application_fee_amount", 2500);
        json.putObject("transfer_data").put("destination", "acct_1");
        json.putObject("metadata");
        return json;
    }
}
