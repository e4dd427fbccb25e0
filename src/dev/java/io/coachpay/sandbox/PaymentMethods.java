package io.coachpay.sandbox;

import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Cards and bank accounts, alone or attached to a customer.
 *
 * @see <a href="https://docs.stripe.com/api/payment_methods">Stripe: payment methods</a>
 */
final class PaymentMethods {

    static final String BILLING = "billing_details{address{city country line1 line2 postal_code state} email name phone tax_id} ";
    static final String CARD = "card{number exp_month exp_year cvc token networks{preferred}} ";

    /**
     * The methods that Stripe keeps for one customer (verify).
     *
     * @see <a href="https://github.com/stripe/stripe-ios/pull/3234">stripe-ios, pull request 3234: the figure</a>
     * @see <a href="https://github.com/solidusio/solidus_stripe/issues/325">solidus_stripe, issue 325: the words</a>
     */
    static final int MOST = 400;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;

    PaymentMethods(State state, Ids ids, VirtualClock clock, Events events, Customers customers) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
    }

    void routes(Api api) {
        api.post("/v1/payment_methods", "type " + CARD + BILLING + "metadata* allow_redisplay expand[]",
                call -> create(call.account(), call.parameters()));
        api.get("/v1/payment_methods", Lists.PARAMETERS + "customer type allow_redisplay",
                call -> Lists.page(call, state.all(call.account(), "payment_method"),
                        Lists.equal(call, "customer", "type", "allow_redisplay")
                                .and(each -> each.getString("customer") != null)));
        api.get("/v1/payment_methods/:id", "expand[]", call -> state.get(call.account(), "payment_method", call.id()));
        api.post("/v1/payment_methods/:id", "card{exp_month exp_year} " + BILLING + "metadata* allow_redisplay expand[]",
                this::update);
        api.post("/v1/payment_methods/:id/attach", "customer! expand[]", this::attach);
        api.post("/v1/payment_methods/:id/detach", "expand[]", this::detach);
        api.get("/v1/customers/:id/payment_methods", Lists.PARAMETERS + "type allow_redisplay", call -> {
            customers.require(call.account(), call.id(), "id");
            return Lists.page(call, state.all(call.account(), "payment_method"),
                    Lists.equal(call, "type", "allow_redisplay").and(each -> call.id().equals(each.getString("customer"))));
        });
        api.get("/v1/customers/:id/payment_methods/:method", "expand[]",
                call -> state.get(call.account(), "payment_method", call.variable("method")));
    }

    /** The method of an id; a documented test id such as {@code pm_card_visa} creates a new one, as at Stripe. */
    JsonObject resolve(String account, String id, String param) {
        JsonObject existing = state.find(account, "payment_method", id);
        if (existing != null) {
            return existing;
        }
        TestCard card = id.startsWith("pm_") ? TestCard.byAlias(id) : null;
        if (card == null) {
            throw StripeError.noSuch("payment_method", id, param);
        }
        return add(account, card, 12, clock.now().atZone(ZoneOffset.UTC).getYear() + 3L, Parameters.NONE);
    }

    /** The test card behind a method, which decides its reaction. */
    TestCard card(JsonObject method) {
        return TestCard.byNumber(state.notes(method.getString("id")).getString("number", ""));
    }

    JsonObject create(String account, Parameters parameters) {
        String type = parameters.need("type");
        parameters.oneOf("allow_redisplay", "always", "limited", "unspecified");
        if (!type.equals("card")) {
            throw StripeError.invalid("The sandbox creates payment methods of type card alone.", parameters.name("type"));
        }
        Parameters card = parameters.nested("card");
        String token = card.text("token");
        if (token != null) {
            TestCard known = TestCard.byAlias(token);
            if (known == null) {
                throw StripeError.noSuch("token", token, "card[token]");
            }
            return add(account, known, 12, clock.now().atZone(ZoneOffset.UTC).getYear() + 3L, parameters);
        }
        String number = card.need("number").replaceAll("[ -]", "");
        CardNumbers.check(number, card.needInteger("exp_month"), card.needInteger("exp_year"), card.text("cvc"), clock.now());
        return add(account, TestCard.byNumber(number), card.needInteger("exp_month"), fullYear(card.needInteger("exp_year")),
                parameters);
    }

    /** Attaches a method to a customer; declined cards cannot be attached. */
    void attach(String account, JsonObject method, String customer) {
        if (customer.equals(method.getString("customer"))) {
            return;
        }
        long kept = state.all(account, "payment_method").stream().filter(each -> customer.equals(each.getString("customer")))
                .count();
        if (kept >= MOST) {
            throw StripeError.invalid("Customer " + customer + " already has the maximum number of payment methods attached.");
        }
        method.put("customer", customer);
        events.send(account, "payment_method.attached", method);
    }

    private JsonObject attach(Call call) {
        JsonObject method = resolve(call.account(), call.id(), "payment_method");
        String customer = call.parameters().need("customer");
        customers.require(call.account(), customer, "customer");
        String holder = method.getString("customer");
        if (holder != null && !holder.equals(customer)) {
            throw StripeError.invalid("The payment method you provided has already been attached to a customer.",
                    "payment_method");
        }
        if (state.notes(method.getString("id")).getBoolean("used", false) && holder == null) {
            throw StripeError
                    .invalid("This PaymentMethod was previously used without being attached to a Customer or was detached"
                            + " from a Customer, and may not be used again.", "payment_method");
        }
        TestCard card = card(method);
        if (card.declinesWhenAttached()) {
            throw Decline.of(card).error();
        }
        attach(call.account(), method, customer);
        return method;
    }

    JsonObject detach(Call call) {
        JsonObject method = state.get(call.account(), "payment_method", call.id());
        if (method.getString("customer") == null) {
            throw StripeError.invalid(
                    "The payment method you provided is not attached to a customer so detachment is impossible.",
                    "payment_method");
        }
        JsonObject before = method.copy();
        method.put("customer", null);
        state.notes(call.id()).put("used", true);
        events.sendUpdate(call.account(), "payment_method.detached", method, before);
        customers.forget(call.account(), before.getString("customer"), call.id());
        return method;
    }

    private JsonObject update(Call call) {
        JsonObject method = state.get(call.account(), "payment_method", call.id());
        if (method.getString("customer") == null) {
            throw StripeError.invalid("You must save this PaymentMethod to a customer before you can update it.");
        }
        JsonObject before = method.copy();
        Parameters card = call.parameters().nested("card");
        Long month = card.integer("exp_month");
        Long year = card.integer("exp_year");
        if (month != null) {
            method.getJsonObject("card").put("exp_month", month);
        }
        if (year != null) {
            method.getJsonObject("card").put("exp_year", year);
        }
        String redisplay = call.parameters().oneOf("allow_redisplay", "always", "limited", "unspecified");
        if (redisplay != null) {
            method.put("allow_redisplay", redisplay);
        }
        PaymentMethodObject.applyBilling(method, call.parameters());
        method.put("allow_redisplay", call.parameters().text("allow_redisplay", method.getString("allow_redisplay")));
        call.parameters().metadata(method);
        events.sendUpdate(call.account(), "payment_method.updated", method, before);
        return method;
    }

    /** The network renews a card: it expires later, and may have another number. */
    JsonObject renew(String id, @Nullable String number) {
        String account = state.owner(id);
        JsonObject method = state.get(account == null ? State.PLATFORM : account, "payment_method", id);
        if (account == null || method.getString("customer") == null || method.getJsonObject("card") == null) {
            throw StripeError.invalid("Networks renew cards that are attached to a customer.", "id");
        }
        JsonObject before = method.copy();
        JsonObject card = method.getJsonObject("card");
        card.put("exp_year", card.getLong("exp_year") + 4);
        if (number != null) {
            CardNumbers.check(number, card.getLong("exp_month"), card.getLong("exp_year"), null, clock.now());
            state.notes(id).put("number", number);
            TestCard renewed = TestCard.byNumber(number);
            card.put("brand", renewed.brand()).put("display_brand", renewed.brand()).put("country", renewed.country())
                    .put("fingerprint", CardNumbers.fingerprint(number)).put("last4", renewed.last4())
                    .put("networks", Json.object("available", Json.array(renewed.brand()), "preferred", null));
        }
        events.sendUpdate(account, "payment_method.automatically_updated", method, before);
        return method;
    }

    private JsonObject add(String account, TestCard card, long month, long year, Parameters parameters) {
        JsonObject method = PaymentMethodObject.create(ids.next("pm_"), clock.seconds(), card, month, year, parameters);
        parameters.metadata(method);
        state.add(account, method);
        state.notes(method.getString("id")).put("number", card.number());
        return method;
    }

    private static long fullYear(long year) {
        return year < 100 ? 2000 + year : year;
    }

    /** Refuses a customer's payment method for the payments of others. */
    static void checkHolder(JsonObject method, @Nullable String customer) {
        String holder = method.getString("customer");
        if (holder != null && !holder.equals(customer)) {
            throw StripeError
                    .invalid("The provided PaymentMethod is attached to a different customer. Provide the customer whom it"
                            + " belongs to.", "payment_method");
        }
    }

    /** Refuses a method of a kind that the intent excludes, and one that was used up. */
    void checkUsable(JsonObject method, JsonObject intent) {
        String type = method.getString("type");
        if (!intent.getJsonArray("payment_method_types").contains(type)) {
            throw StripeError.invalid("The PaymentMethod provided (" + type + ") is not allowed for this PaymentIntent.",
                    "payment_method");
        }
        boolean used = state.notes(method.getString("id")).getBoolean("used", false);
        if (used && method.getString("customer") == null) {
            throw StripeError.invalid("The provided PaymentMethod was previously used with a PaymentIntent without Customer"
                    + " attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple"
                    + " times, you must attach it to a Customer first.", "payment_method");
        }
    }

    /** Marks a method as used; an unattached one cannot be attached any more then. */
    void use(JsonObject method, @Nullable String setUpFor) {
        JsonObject notes = state.notes(method.getString("id"));
        notes.put("used", true);
        if (setUpFor != null) {
            notes.put("setUp", true);
        }
    }

    boolean wasSetUp(JsonObject method) {
        return state.notes(method.getString("id")).getBoolean("setUp", false);
    }
}
