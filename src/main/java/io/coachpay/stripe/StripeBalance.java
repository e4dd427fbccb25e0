package io.coachpay.stripe;

import java.util.List;
import java.util.stream.StreamSupport;

import org.joda.money.Money;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An account's balance at Stripe, one amount a currency, see
 * <a href="https://docs.stripe.com/api/balance/balance_object">docs.stripe.com</a>.
 *
 * @param available can be paid out or transferred now
 * @param pending will be available later
 * @param instantAvailable could be paid out at once for a fee
 * @param connectReserved held on the platform against its accounts' negative balances
 */
public record StripeBalance(List<Money> available, List<Money> pending, List<Money> instantAvailable,
        List<Money> connectReserved) {

    /** Reads Stripe's JSON of a balance; missing lists are empty. */
    public static StripeBalance from(JsonNode json) {
        return new StripeBalance(amounts(json, "available"), amounts(json, "pending"), amounts(json, "instant_available"),
                amounts(json, "connect_reserved"));
    }

    private static List<Money> amounts(JsonNode json, String field) {
        return StreamSupport.stream(json.path(field).spliterator(), false)
                .map(entry -> new StripeFields(entry).requiredMoney("amount")).toList();
    }
}
