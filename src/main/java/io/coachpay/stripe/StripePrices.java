package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's prices, which are paid again and again, see
 * <a href="https://docs.stripe.com/api/prices">docs.stripe.com/api/prices</a>.
 */
@ApplicationScoped
public class StripePrices {

    private static final String PATH = "/v1/prices";

    private final StripeCalls calls;

    StripePrices(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * Creates the price of our row, and its product where there is none. An amount never changes at Stripe: another amount is
     * another price.
     *
     * @param interval {@code month} or {@code year}
     * @param productId the product, {@code prod_…}; null makes one with the row's name and id
     */
    public StripePrice create(UUID coachpayId, Money amount, String interval, @Nullable String productId, String name,
            String idempotencyKey) {
        StripeForm form = new StripeForm().putCurrency("currency", amount).putAmount("unit_amount", amount)
                .put("recurring[interval]", interval).put("product", productId)
                .putMetadata("metadata", coachpayId, Map.of());
        if (productId == null) {
            form.put("product_data[name]", name).putMetadata("product_data[metadata]", coachpayId, Map.of());
        }
        return StripePrice.from(calls.post("prices.create", PATH, form, idempotencyKey, null));
    }

    /** Opens a price for sale, or closes it; who pays it already goes on. */
    public StripePrice offer(String priceId, boolean active, String idempotencyKey) {
        String operation = "prices.update";
        return StripePrice.from(calls.post(operation, PATH + "/" + StripeCalls.id(operation, priceId),
                new StripeForm().put("active", active), idempotencyKey, null));
    }

    /**
     * Finds the prices made for our row, newest first; called before creating again. Stripe's search is behind by a minute, so
     * the list is read: a day brings few prices.
     *
     * @param since when the row first asked for it, or was last looked for in vain: any call for it came within a day of that
     */
    public List<StripePrice> find(UUID coachpayId, Instant since) {
        return calls.all("prices.list", PATH, () -> StripeCalls.withinADayOf(since), StripePrice::from).stream()
                .filter(price -> price.isOf(coachpayId)).toList();
    }
}
