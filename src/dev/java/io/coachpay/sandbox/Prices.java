package io.coachpay.sandbox;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Prices of products, paid once or again and again. An amount never changes: another amount is another price.
 *
 * @see <a href="https://docs.stripe.com/api/prices">Stripe: prices</a>
 */
final class Prices {

    private static final String CHANGES = "active expand[] lookup_key metadata* nickname tax_behavior transfer_lookup_key ";
    private static final Map<String, Long> LONGEST = Map.of("day", 1095L, "week", 156L, "month", 36L, "year", 3L);
    private static final long MOST = 99_999_999_99L;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Products products;

    Prices(State state, Ids ids, VirtualClock clock, Events events, Products products) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.products = products;
    }

    void routes(Api api) {
        api.post("/v1/prices", CHANGES + "currency! product product_data{name! active metadata* unit_label} "
                + "recurring{interval! interval_count trial_period_days usage_type} unit_amount! billing_scheme", this::create);
        api.get("/v1/prices", Lists.PARAMETERS + "active currency lookup_keys[] product recurring{interval usage_type} type",
                call -> Lists.page(call, state.all(call.account(), "price"),
                        Lists.equal(call, "currency", "product", "type").and(listed(call))));
        api.get("/v1/prices/search", Search.PARAMETERS, call -> Search.run(call, state.all(call.account(), "price")));
        api.get("/v1/prices/:id", "expand[]", call -> state.get(call.account(), "price", call.id()));
        api.post("/v1/prices/:id", CHANGES, this::update);
    }

    /** The price of a parameter, which must be one that may be sold. */
    JsonObject require(String account, String id, String param) {
        JsonObject price = state.get(account, "price", id, param);
        if (!price.getBoolean("active")) {
            throw StripeError.invalid("The price specified is inactive. This field only accepts active prices.", param);
        }
        return price;
    }

    /** The price of a parameter, which must be paid again and again. */
    JsonObject requireRecurring(String account, String id, String param) {
        JsonObject price = require(account, id, param);
        if (price.getJsonObject("recurring") == null) {
            throw StripeError.invalid("The price specified is set to `type=one_time` but this field only accepts prices with"
                    + " `type=recurring`.", param);
        }
        return price;
    }

    static JsonObject object(String id, long created, String currency, String product, long unitAmount) {
        return Json.object("id", id, "object", "price", "active", true, "billing_scheme", "per_unit", "created", created,
                "currency", currency, "custom_unit_amount", null, "livemode", false, "lookup_key", null, "metadata",
                new JsonObject(), "nickname", null, "product", product, "recurring", null, "tax_behavior", "unspecified",
                "tiers_mode", null, "transform_quantity", null, "type", "one_time", "unit_amount", unitAmount,
                "unit_amount_decimal", String.valueOf(unitAmount));
    }

    /** The price as the older object that a subscription's items still carry beside it. */
    static JsonObject plan(JsonObject price) {
        JsonObject recurring = price.getJsonObject("recurring");
        return Json.object("id", price.getString("id"), "object", "plan", "active", price.getBoolean("active"), "amount",
                price.getLong("unit_amount"), "amount_decimal", price.getString("unit_amount_decimal"), "billing_scheme",
                "per_unit", "created", price.getLong("created"), "currency", price.getString("currency"), "interval",
                recurring.getString("interval"), "interval_count", recurring.getLong("interval_count"), "livemode", false,
                "metadata", price.getJsonObject("metadata").copy(), "meter", null, "nickname", price.getString("nickname"),
                "product", price.getString("product"), "tiers_mode", null, "transform_usage", null, "trial_period_days",
                recurring.getLong("trial_period_days"), "usage_type", "licensed");
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        parameters.oneOf("billing_scheme", "per_unit");
        long amount = parameters.needInteger("unit_amount");
        if (amount < 0 || amount > MOST) {
            throw StripeError.malformed("parameter_invalid_integer", "Invalid non-negative integer", "unit_amount");
        }
        JsonObject price = object(ids.next("price_"), clock.seconds(), parameters.currency("currency"), "", amount);
        if (parameters.has("recurring")) {
            price.put("recurring", recurring(parameters.nested("recurring"))).put("type", "recurring");
        }
        apply(call.account(), price, parameters);
        price.put("product", product(call.account(), parameters));
        state.add(call.account(), price);
        events.send(call.account(), "price.created", price);
        return price;
    }

    private String product(String account, Parameters parameters) {
        if (parameters.has("product") == parameters.has("product_data")) {
            // Stripe's words (verify)
            throw StripeError.invalid("You must specify either `product` or `product_data`, and not both.", "product");
        }
        return parameters.has("product") ? products.require(account, parameters.need("product"), "product").getString("id")
                : products.create(account, parameters.nested("product_data")).getString("id");
    }

    private static JsonObject recurring(Parameters sent) {
        String interval = String.valueOf(sent.oneOf("interval", "day", "month", "week", "year"));
        sent.oneOf("usage_type", "licensed");
        Long asked = sent.integer("interval_count");
        long count = asked == null ? 1 : asked;
        if (count < 1 || count > LONGEST.getOrDefault(interval, 1L)) {
            throw StripeError.invalid("parameter_invalid_integer",
                    "The interval of a price is at least one " + interval + ", and at most three years.",
                    sent.name("interval_count"));
        }
        return Json.object("interval", interval, "interval_count", count, "meter", null, "trial_period_days",
                sent.integer("trial_period_days"), "usage_type", "licensed");
    }

    private JsonObject update(Call call) {
        JsonObject price = state.get(call.account(), "price", call.id());
        JsonObject before = price.copy();
        JsonObject changed = price.copy();
        apply(call.account(), changed, call.parameters());
        price.mergeIn(changed);
        events.sendUpdate(call.account(), "price.updated", price, before);
        state.all(call.account(), "subscription").stream().map(SubscriptionObject::item)
                .filter(item -> call.id().equals(item.getJsonObject("price").getString("id")))
                .forEach(item -> item.put("price", price.copy()).put("plan", plan(price)));
        return price;
    }

    private void apply(String account, JsonObject price, Parameters parameters) {
        price.put("active", parameters.flag("active", price.getBoolean("active")));
        if (parameters.has("nickname")) {
            price.put("nickname", parameters.text("nickname"));
        }
        String behavior = parameters.oneOf("tax_behavior", "exclusive", "inclusive", "unspecified");
        String present = price.getString("tax_behavior");
        if (behavior != null && !behavior.equals(present) && !present.equals("unspecified")) {
            throw StripeError.invalid("You cannot change `tax_behavior` once it is set to `" + present + "`.", "tax_behavior");
        }
        if (behavior != null) {
            price.put("tax_behavior", behavior);
        }
        if (parameters.has("lookup_key")) {
            price.put("lookup_key", lookupKey(account, price, parameters));
        }
        parameters.metadata(price);
    }

    private @Nullable String lookupKey(String account, JsonObject price, Parameters parameters) {
        String key = parameters.text("lookup_key");
        for (JsonObject other : state.all(account, "price")) {
            if (key == null || !key.equals(other.getString("lookup_key"))
                    || other.getString("id").equals(price.getString("id"))) {
                continue;
            }
            if (!parameters.flag("transfer_lookup_key")) {
                throw StripeError.invalid(
                        "A price (`" + other.getString("id") + "`) already uses that lookup key.", "lookup_key");
            }
            other.put("lookup_key", null);
        }
        return key;
    }

    private static Predicate<JsonObject> listed(Call call) {
        Parameters parameters = call.parameters();
        boolean active = parameters.flag("active");
        List<String> keys = parameters.texts("lookup_keys");
        String interval = parameters.nested("recurring").text("interval");
        return price -> (!parameters.has("active") || price.getBoolean("active") == active)
                && (keys.isEmpty() || keys.contains(price.getString("lookup_key")))
                && (interval == null || (price.getJsonObject("recurring") != null
                        && interval.equals(price.getJsonObject("recurring").getString("interval"))));
    }
}
