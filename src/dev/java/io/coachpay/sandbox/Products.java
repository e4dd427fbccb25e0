package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Predicate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Products, which prices are of.
 *
 * @see <a href="https://docs.stripe.com/api/products">Stripe: products</a>
 */
final class Products {

    private static final String FIELDS = "active description expand[] images[] metadata* unit_label url ";
    /** Stripe documents none (verify). */
    private static final int LONGEST_NAME = 250;
    private static final int MOST_IMAGES = 8;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;

    Products(State state, Ids ids, VirtualClock clock, Events events) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    void routes(Api api) {
        api.post("/v1/products", FIELDS + "name!", call -> create(call.account(), call.parameters()));
        api.get("/v1/products", Lists.PARAMETERS + "active ids[] url",
                call -> Lists.page(call, state.all(call.account(), "product"), Lists.equal(call, "url").and(listed(call))));
        api.get("/v1/products/search", Search.PARAMETERS, call -> Search.run(call, state.all(call.account(), "product")));
        api.get("/v1/products/:id", "expand[]", call -> state.get(call.account(), "product", call.id()));
        api.post("/v1/products/:id", FIELDS + "name", this::update);
        api.delete("/v1/products/:id", this::delete);
    }

    /** The product of a parameter, which must be one that may be sold. */
    JsonObject require(String account, String id, String param) {
        JsonObject product = state.get(account, "product", id, param);
        if (!product.getBoolean("active")) {
            // Stripe's words (verify)
            throw StripeError.invalid("The product " + id + " is not active, so it cannot be used.", param);
        }
        return product;
    }

    String name(String account, String id) {
        return state.get(account, "product", id).getString("name");
    }

    JsonObject create(String account, Parameters parameters) {
        JsonObject product = Json.object("id", ids.next("prod_"), "object", "product", "active", true, "created",
                clock.seconds(), "default_price", null, "description", null, "images", new JsonArray(), "livemode", false,
                "marketing_features", new JsonArray(), "metadata", new JsonObject(), "name", null, "package_dimensions", null,
                "shippable", null, "statement_descriptor", null, "tax_code", null, "type", "service", "unit_label", null,
                "updated", clock.seconds(), "url", null);
        apply(product, parameters);
        state.add(account, product);
        events.send(account, "product.created", product);
        return product;
    }

    private JsonObject update(Call call) {
        JsonObject product = state.get(call.account(), "product", call.id());
        JsonObject changed = product.copy();
        apply(changed, call.parameters());
        if (!changed.equals(product)) {
            JsonObject before = product.copy();
            product.mergeIn(changed.put("updated", clock.seconds()));
            events.sendUpdate(call.account(), "product.updated", product, before);
        }
        return product;
    }

    private JsonObject delete(Call call) {
        JsonObject product = state.get(call.account(), "product", call.id());
        if (state.all(call.account(), "price").stream().anyMatch(price -> call.id().equals(price.getString("product")))) {
            throw StripeError.invalid("This product cannot be deleted because it has one or more user-created prices.", "id");
        }
        state.remove(product);
        events.send(call.account(), "product.deleted", product);
        return Json.object("id", call.id(), "object", "product", "deleted", true);
    }

    private static void apply(JsonObject product, Parameters parameters) {
        if (parameters.has("name")) {
            product.put("name", name(parameters));
        }
        product.put("active", parameters.flag("active", product.getBoolean("active")));
        for (String field : new String[] { "description", "unit_label", "url" }) {
            if (parameters.has(field)) {
                product.put(field, parameters.text(field));
            }
        }
        List<String> images = parameters.texts("images");
        if (images.size() > MOST_IMAGES) {
            throw StripeError.invalid("You can have at most " + MOST_IMAGES + " images.", "images");
        }
        if (parameters.has("images")) {
            product.put("images", new JsonArray(images));
        }
        parameters.metadata(product);
    }

    private static String name(Parameters parameters) {
        String name = parameters.text("name");
        if (name == null) {
            throw StripeError.malformed("parameter_invalid_empty", "You passed an empty string for 'name'. We assume empty"
                    + " values are an attempt to unset a parameter; however 'name' cannot be unset.", "name");
        }
        if (name.length() > LONGEST_NAME) {
            throw StripeError.invalid("Invalid string: " + name.substring(0, 10) + "...; must be at most " + LONGEST_NAME
                    + " characters", "name");
        }
        return name;
    }

    private static Predicate<JsonObject> listed(Call call) {
        Parameters parameters = call.parameters();
        List<String> wanted = parameters.texts("ids");
        boolean active = parameters.flag("active");
        return product -> (!parameters.has("active") || product.getBoolean("active") == active)
                && (!parameters.has("ids") || wanted.contains(product.getString("id")));
    }
}
