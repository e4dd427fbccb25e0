package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

/** Stripe's products, see <a href="https://docs.stripe.com/api/products">docs.stripe.com/api/products</a>. */
@ApplicationScoped
public class StripeProducts {

    private static final String PATH = "/v1/products";

    private final StripeCalls calls;

    StripeProducts(StripeCalls calls) {
        this.calls = calls;
    }

    /** Creates the product of our row. */
    public StripeProduct create(UUID coachpayId, String name, String idempotencyKey) {
        StripeForm form = new StripeForm().put("name", name).putMetadata("metadata", coachpayId, Map.of());
        return StripeProduct.from(calls.post("products.create", PATH, form, idempotencyKey, null));
    }

    /** Gives a product another name. */
    public StripeProduct rename(String productId, String name, String idempotencyKey) {
        String operation = "products.update";
        return StripeProduct.from(calls.post(operation, PATH + "/" + StripeCalls.id(operation, productId),
                new StripeForm().put("name", name), idempotencyKey, null));
    }

    /** Gives a product its name, and opens it for sale. */
    public StripeProduct offer(String productId, String name, String idempotencyKey) {
        String operation = "products.update";
        return StripeProduct.from(calls.post(operation, PATH + "/" + StripeCalls.id(operation, productId),
                new StripeForm().put("active", true).put("name", name), idempotencyKey, null));
    }

    /**
     * Finds the products made for our row, newest first; called before creating again. Stripe's search is behind by a minute,
     * so the list is read: a day brings few products.
     *
     * @param since when the row first asked for it, or was last looked for in vain: any call for it came within a day of that
     */
    public List<StripeProduct> find(UUID coachpayId, Instant since) {
        return calls.all("products.list", PATH, () -> StripeCalls.withinADayOf(since), StripeProduct::from).stream()
                .filter(product -> product.isOf(coachpayId)).toList();
    }
}
