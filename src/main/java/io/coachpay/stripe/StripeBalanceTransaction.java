package io.coachpay.stripe;

import java.math.BigDecimal;
import java.time.Instant;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One line of a Stripe balance, see <a href="https://docs.stripe.com/api/balance_transactions/object">docs.stripe.com</a>.
 *
 * @param net the change of the balance: amount − fee
 * @param sourceId the object that caused it, null for some of Stripe's own fees
 * @param availableOn when the money can be paid out
 * @param available whether Stripe says it can be now
 * @param exchangeRate from the source's currency, null without conversion
 */
public record StripeBalanceTransaction(String id, String type, @Nullable String reportingCategory, Money amount, Money fee,
        Money net, @Nullable String sourceId, Instant created, Instant availableOn, boolean available,
        @Nullable BigDecimal exchangeRate, @Nullable String description) {

    public static final String OBJECT = "balance_transaction";

    /** Reads Stripe's JSON of a balance transaction. */
    public static StripeBalanceTransaction from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money amount = fields.requiredMoney("amount");
        Money fee = fields.moneyOrZero("fee", amount);
        Money net = fields.money("net");
        Instant availableOn = fields.instant("available_on");
        return new StripeBalanceTransaction(fields.required("id"), fields.required("type"),
                fields.text("reporting_category"), amount, fee, net == null ? amount.minus(fee) : net,
                fields.reference("source"), fields.created(), availableOn == null ? fields.created() : availableOn,
                "available".equals(fields.text("status")), fields.decimal("exchange_rate"), fields.text("description"));
    }
}
