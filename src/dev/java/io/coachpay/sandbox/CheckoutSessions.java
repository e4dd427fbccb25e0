package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Sessions of the hosted payment page. As at Stripe, the first attempt to pay creates a session's PaymentIntent.
 *
 * @see <a href="https://docs.stripe.com/api/checkout/sessions">Stripe: Checkout Sessions</a>
 */
final class CheckoutSessions {

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final PaymentIntents intents;
    private final Confirmation confirmation;
    private final SetupIntents setups;
    private final PaymentMethods methods;
    private final SubscriptionCheckout subscribing;
    private final Faults faults;
    private final String base;

    /** @param base the address of the hosted pages, without a slash at its end */
    CheckoutSessions(State state, VirtualClock clock, Events events, Customers customers, PaymentMethods methods,
            PaymentIntents intents, SetupIntents setups, Confirmation confirmation, SubscriptionCheckout subscribing,
            Faults faults, String base) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.intents = intents;
        this.confirmation = confirmation;
        this.setups = setups;
        this.methods = methods;
        this.subscribing = subscribing;
        this.faults = faults;
        this.base = base;
        confirmation.follow(this::followPayment);
        setups.follow(this::followSetup);
        clock.define("checkout.expires", id -> {
            JsonObject intent = attempted(owner(id), find(id));
            if (isOpen(find(id)) && (intent == null || !"succeeded".equals(intent.getString("status")))) {
                expire(id);
            }
        });
        clock.define("checkout.subscribes", this::subscribeLate);
        // What was paid is a subscription, even where it ends at once with its customer.
        customers.beforeDeletion((account, customer) -> state.all(account, "checkout.session").stream()
                .filter(session -> customer.equals(session.getString("customer")))
                .forEach(session -> subscribeLate(session.getString("id"))));
        clock.define("intent.ends", id -> {
            JsonObject intent = state.get(owner(id), "payment_intent", id);
            if (PaymentIntents.isOpen(intent)) {
                intents.cancel(owner(id), intent, "expired");
            }
        });
    }

    void routes(Api api) {
        api.get("/v1/checkout/sessions", Lists.PARAMETERS + "customer payment_intent status subscription",
                call -> Lists.page(call, state.all(call.account(), "checkout.session"),
                        Lists.equal(call, "customer", "payment_intent", "status", "subscription")));
        api.get("/v1/checkout/sessions/:id", "expand[]", call -> state.get(call.account(), "checkout.session", call.id()));
        api.get("/v1/checkout/sessions/:id/line_items", "limit starting_after ending_before expand[]",
                call -> lineItems(state.get(call.account(), "checkout.session", call.id())));
        api.post("/v1/checkout/sessions/:id", "metadata* expand[]", this::update);
        api.post("/v1/checkout/sessions/:id/expire", "expand[]", call -> {
            state.get(call.account(), "checkout.session", call.id());
            return expire(call.id());
        });
    }

    JsonObject find(String id) {
        String owner = state.owner(id);
        if (owner == null) {
            throw StripeError.noSuch("checkout.session", id);
        }
        return state.get(owner, "checkout.session", id);
    }

    static boolean isOpen(JsonObject session) {
        return "open".equals(session.getString("status"));
    }

    JsonObject lineItems(JsonObject session) {
        String id = session.getString("id");
        return Json.list("/v1/checkout/sessions/" + id + "/line_items",
                state.notes(id).getJsonArray("line_items", new JsonArray()).copy());
    }

    /** Ends an open session, by time, by the platform or by hand; its unpaid intent ends too, or later by the fault plan. */
    JsonObject expire(String id) {
        JsonObject session = find(id);
        if (!isOpen(session)) {
            throw StripeError
                    .invalid("Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a"
                            + " status of `" + session.getString("status") + "`.");
        }
        String account = owner(id);
        JsonObject intent = attempted(account, session);
        if (intent != null && "succeeded".equals(intent.getString("status"))) {
            throw StripeError.invalid("This Checkout Session has been paid and is about to complete.");
        }
        session.put("status", "expired").put("url", null);
        if (intent != null && intent.getString("object").equals("payment_intent") && PaymentIntents.isOpen(intent)) {
            end(account, intent);
        }
        events.send(account, "checkout.session.expired", session);
        return session;
    }

    private void end(String account, JsonObject intent) {
        Faults.Fault outlives = faults.forIntent();
        if (outlives == null) {
            intents.cancel(account, intent, "expired");
        } else if (outlives.rule().containsKey("seconds")) {
            clock.schedule(clock.seconds() + outlives.rule().getLong("seconds"), "intent.ends", intent.getString("id"));
        }
    }

    /**
     * Pays on the page.
     *
     * @param method of payment, a test id such as {@code pm_card_visa} included
     * @param email and {@code name} as typed, or null
     * @throws StripeError a card error if it is declined; the session stays open
     */
    JsonObject pay(String id, JsonObject method, @Nullable String email, @Nullable String name) {
        JsonObject session = find(id);
        if (!isOpen(session)) {
            throw StripeError.invalid("This Checkout Session has a status of `" + session.getString("status")
                    + "` and cannot be paid any more.");
        }
        String account = owner(id);
        state.notes(id).put("email", email).put("name", name);
        String returnUrl = base + "/c/return/" + id;
        if (session.getString("mode").equals("setup")) {
            JsonObject setup = state.get(account, "setup_intent", session.getString("setup_intent"));
            setups.confirm(account, setup, method, returnUrl);
            return session;
        }
        ensureCustomer(account, session);
        if (session.getString("mode").equals("subscription")) {
            subscribing.pay(account, session, method, returnUrl);
            return session;
        }
        JsonObject intent = intentOf(account, session);
        if (PaymentIntents.isOpen(intent)) {
            confirmation.confirm(account, intent, method, Confirmation.Circumstances.onPage(returnUrl));
        }
        return session;
    }

    /** The method that a person typed or a test named. */
    JsonObject method(String id, String paymentMethod) {
        return methods.resolve(owner(id), paymentMethod, "paymentMethod");
    }

    JsonObject method(String id, Parameters typed) {
        return methods.create(owner(id), typed);
    }

    private void followSetup(String account, JsonObject intent) {
        String id = state.notes(intent.getString("id")).getString("checkout");
        if (id != null) {
            finish(account, state.get(account, "checkout.session", id), intent, "no_payment_required");
        }
    }

    private void followPayment(String account, JsonObject intent) {
        String id = state.notes(intent.getString("id")).getString("checkout");
        if (id == null) {
            return;
        }
        JsonObject session = state.get(account, "checkout.session", id);
        if (session.getString("mode").equals("subscription")) {
            if ("succeeded".equals(intent.getString("status")) && isOpen(session)) {
                finish(account, session, intent, "paid");
            }
            return;
        }
        switch (intent.getString("status")) {
            case "succeeded" -> {
                if (isOpen(session)) {
                    finish(account, session, intent, "paid");
                    return;
                }
                session.put("payment_status", "paid");
                events.send(account, "checkout.session.async_payment_succeeded", session);
            }
            case "processing" -> complete(account, session, "unpaid");
            default -> events.send(account, "checkout.session.async_payment_failed", session);
        }
    }

    /** Completes the session; in subscription mode the fault plan may let time pass between payment and subscription. */
    private void finish(String account, JsonObject session, JsonObject intent, String paymentStatus) {
        Faults.Fault late = session.getString("mode").equals("subscription") ? faults.forSubscription() : null;
        if (late != null) {
            clock.schedule(clock.seconds() + late.rule().getLong("seconds", 1L), "checkout.subscribes",
                    session.getString("id"));
        } else if (session.getString("mode").equals("subscription")) {
            subscribe(account, session, intent);
        } else {
            complete(account, session, paymentStatus);
        }
    }

    /** Makes the subscription of a page that was paid and is still open. */
    private void subscribeLate(String id) {
        JsonObject session = find(id);
        JsonObject intent = "subscription".equals(session.getString("mode")) ? subscribing.attempted(owner(id), session) : null;
        if (intent != null && isOpen(session) && "succeeded".equals(intent.getString("status"))) {
            subscribe(owner(id), session, intent);
        }
    }

    private void subscribe(String account, JsonObject session, JsonObject intent) {
        subscribing.conclude(account, session, intent);
        complete(account, session, intent.getString("object").equals("setup_intent") ? "no_payment_required" : "paid");
    }

    /** The intent of the page's attempt so far, or null before the first. */
    @Nullable
    JsonObject attempted(String account, JsonObject session) {
        String id = session.getString("payment_intent") != null ? session.getString("payment_intent")
                : session.getString("setup_intent");
        return id == null ? subscribing.attempted(account, session) : state.find(account, id);
    }

    /** The customer that Checkout makes where it must, and the address that it is allowed to write. */
    private void ensureCustomer(String account, JsonObject session) {
        JsonObject notes = state.notes(session.getString("id"));
        if (session.getString("customer") == null && "always".equals(session.getString("customer_creation"))) {
            String email = notes.getString("email") != null ? notes.getString("email") : session.getString("customer_email");
            JsonObject made = customers.create(account, new Parameters(Map.of("email", email == null ? "" : email)));
            session.put("customer", made.getString("id"));
        }
        JsonObject customer = customerOf(account, session);
        if (customer != null && session.getJsonObject("automatic_tax").getBoolean("enabled")
                && !Taxes.knowsLocation(customer.getJsonObject("address"))) {
            customers.change(account, customer, it -> it.put("address",
                    Json.noAddress().put("country", "US").put("postal_code", "94103").put("state", "CA")));
        }
    }

    private void complete(String account, JsonObject session, String paymentStatus) {
        JsonObject notes = state.notes(session.getString("id"));
        JsonObject customer = customerOf(account, session);
        String email = notes.getString("email") != null ? notes.getString("email")
                : customer != null ? customer.getString("email") : session.getString("customer_email");
        String name = notes.getString("name") != null ? notes.getString("name")
                : customer != null ? customer.getString("name") : null;
        session.put("status", "complete").put("payment_status", paymentStatus).put("url", null)
                .put("customer_details", Json.object("address", Json.noAddress(), "business_name", null, "email", email,
                        "individual_name", null, "name", name, "phone", null, "tax_exempt", "none", "tax_ids", new JsonArray()))
                .put("collected_information",
                        Json.object("business_name", null, "individual_name", null, "shipping_details", null));
        events.send(account, "checkout.session.completed", session);
    }

    private @Nullable JsonObject customerOf(String account, JsonObject session) {
        String customer = session.getString("customer");
        return customer == null ? null : state.find(account, "customer", customer);
    }

    private JsonObject intentOf(String account, JsonObject session) {
        String existing = session.getString("payment_intent");
        if (existing != null) {
            return state.get(account, "payment_intent", existing);
        }
        JsonObject notes = state.notes(session.getString("id"));
        Map<String, Object> data = new LinkedHashMap<>(Form.parse(notes.getString("intent_data", "")));
        if (session.getString("customer") != null) {
            data.put("customer", session.getString("customer"));
        }
        if (session.getJsonObject("saved_payment_method_options") != null) {
            // Each payer who is offered it has the card saved.
            data.put("setup_future_usage", "off_session");
        }
        JsonObject intent = intents.create(account, session.getLong("amount_total"), session.getString("currency"),
                new Parameters(data));
        if (!notes.getBoolean("bank_debits", false)) {
            intent.put("payment_method_types", Json.array("card"));
        }
        state.notes(intent.getString("id")).put("checkout", session.getString("id"));
        session.put("payment_intent", intent.getString("id"));
        return intent;
    }

    private JsonObject update(Call call) {
        JsonObject session = state.get(call.account(), "checkout.session", call.id());
        call.parameters().metadata(session);
        return session;
    }

    private String owner(String id) {
        String owner = state.owner(id);
        return owner == null ? State.PLATFORM : owner;
    }
}
