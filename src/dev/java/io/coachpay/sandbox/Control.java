package io.coachpay.sandbox;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Controls that act as a card holder, a coach, a bank or time itself, for tests and walk-throughs; JSON in and out, no key
 * needed.
 *
 * <pre>
 * POST /sandbox/accounts/{acct}/complete-onboarding          POST /sandbox/accounts/{acct}/deauthorize
 * POST /sandbox/accounts/{acct}/reconnect                    {"told": true}, whether an event reports it
 * POST /sandbox/accounts/{acct}/require                      {"currentlyDue": ["external_account"], "disabled": true}
 * POST /sandbox/accounts/{acct}/external-account             {"currency": "eur", "instant": true, "instantAtMost": 5000,
 *                                                             "failure": "account_closed", "updated": true, "remove": true},
 *                                                             each optional; updated details are in order again
 * POST /sandbox/accounts/{acct}/debt                         {"allowed": false}, so that reversals are refused without funds
 * POST /sandbox/accounts/{acct}/clear-debts                  clears debts at once, as 180 days below zero do
 * POST /sandbox/checkout/sessions/{cs}/pay                   {"paymentMethod": "pm_card_visa", "email": …, "name": …}
 * POST /sandbox/checkout/sessions/{cs}/expire
 * POST /sandbox/payment_intents/{pi}/pay                     {"paymentMethod": "pm_card_visa", "returnUrl": …}
 * POST /sandbox/payment_intents/{pi}/authenticate            {"success": true}, also of /setup_intents/{seti}
 * POST /sandbox/setup_intents/{seti}/process                 Stripe works on it, and nobody can end it
 * POST /sandbox/payment_intents/{pi}/succeed, …/fail         ends what is processing
 * POST /sandbox/refunds/{re}/succeed, …/fail
 * POST /sandbox/refunds/unfunded                             {"refused": true}, instead of letting them wait for funds
 * POST /sandbox/disputes                                     {"charge": "ch_…", "amount": 5000, "status": "prevented",
 *                                                             "reason": "fraudulent"}, all but the charge optional
 * POST /sandbox/disputes/{dp}/close                          {"status": "won", "feeReturned": false}
 * POST /sandbox/disputes/{dp}/escalate                       of an inquiry
 * POST /sandbox/payouts/{po}/pay, …/fail                     {"code": "account_closed"}
 * POST /sandbox/topups/{tu}/succeed, …/fail
 * POST /sandbox/accounts/{acct}/exchange                     {"from": "usd", "into": "eur", "rate": "0.921"}, also of platform
 * POST /sandbox/balance_transactions                         {"type": "network_cost", "amount": -120, "currency": "usd",
 *                                                             "fee": 0, "account": "acct_…"}: a change by Stripe itself
 * POST /sandbox/events/{evt}/resend                          {"count": 20}
 * POST /sandbox/clock/advance                                {"seconds": 172800}; GET /sandbox/clock
 * PUT  /sandbox/faults                                       {@link Faults}; GET shows, DELETE clears
 * PUT  /sandbox/keys                                         {@link ApiKeys}; GET shows, DELETE clears
 * PUT  /sandbox/limits                                       {@link RateLimits}; GET shows, DELETE lifts
 * PUT  /sandbox/webhooks                                     {"endpoints": [{"kind": "connect", "url": …, "secret": …}]}; GET
 * GET  /sandbox/books                                        {@link Books}; ?account=acct_…, repeated, limits it to those
 * GET  /sandbox/under-way                                    {"deliveries": 3, "settlements": 0}: work in progress
 * </pre>
 *
 * Those of Billing are {@link BillingControls}.
 */
final class Control {

    private static final long LONGEST_ADVANCE_SECONDS = 10L * 366 * 24 * 60 * 60;

    private final Routes<Function<Order, JsonObject>> routes = new Routes<>();
    private final World world;

    /** A request: the ids in the path, the body, and the accounts that the query names. */
    private record Order(Routes.Match<Function<Order, JsonObject>> match, JsonObject body, List<String> accounts) {

        String id() {
            return match.variables().getOrDefault("id", "");
        }
    }

    Control(World world) {
        this.world = world;
        routes.add("POST", "/sandbox/accounts/:id/complete-onboarding",
                order -> world.accounts().completeOnboarding(order.id()));
        routes.add("POST", "/sandbox/accounts/:id/deauthorize", order -> world.accounts().deauthorize(order.id()));
        routes.add("POST", "/sandbox/accounts/:id/reconnect",
                order -> world.accounts().reconnect(order.id(), flag(order, "told", true)));
        routes.add("POST", "/sandbox/accounts/:id/require", this::require);
        routes.add("POST", "/sandbox/accounts/:id/external-account",
                order -> world.accounts().changeBank(order.id(), order.body));
        routes.add("POST", "/sandbox/accounts/:id/clear-debts", order -> world.reserves().clearAll(order.id()));
        routes.add("POST", "/sandbox/accounts/:id/debt",
                order -> world.accounts().allowDebt(order.id(), flag(order, "allowed", true)));
        routes.add("POST", "/sandbox/checkout/sessions/:id/pay", this::payCheckout);
        routes.add("POST", "/sandbox/checkout/sessions/:id/expire", order -> world.checkouts().expire(order.id()));
        routes.add("POST", "/sandbox/payment_intents/:id/pay", this::payIntent);
        routes.add("POST", "/sandbox/payment_intents/:id/authenticate",
                order -> world.confirmation().authenticate(order.id(), flag(order, "success", true)));
        routes.add("POST", "/sandbox/payment_intents/:id/succeed",
                order -> world.confirmation().finishProcessing(order.id(), true));
        routes.add("POST", "/sandbox/payment_intents/:id/fail",
                order -> world.confirmation().finishProcessing(order.id(), false));
        routes.add("POST", "/sandbox/setup_intents/:id/authenticate",
                order -> world.setups().authenticate(order.id(), flag(order, "success", true)));
        routes.add("POST", "/sandbox/setup_intents/:id/process", order -> world.setups().process(order.id()));
        routes.add("POST", "/sandbox/refunds/:id/succeed", order -> world.outcomes().succeed(order.id()));
        routes.add("POST", "/sandbox/refunds/:id/fail", order -> world.outcomes().fail(order.id()));
        routes.add("POST", "/sandbox/refunds/unfunded", order -> world.funding().refuse(flag(order, "refused", true)));
        routes.add("POST", "/sandbox/disputes", this::dispute);
        routes.add("POST", "/sandbox/disputes/:id/close", order -> world.disputeOutcomes().close(order.id(),
                order.body.getString("status", "lost"), flag(order, "feeReturned", false)));
        routes.add("POST", "/sandbox/disputes/:id/escalate", order -> world.disputeOutcomes().escalate(order.id()));
        routes.add("POST", "/sandbox/payouts/:id/pay", order -> world.payouts().pay(order.id()));
        routes.add("POST", "/sandbox/payouts/:id/fail",
                order -> world.payouts().fail(order.id(), order.body.getString("code")));
        routes.add("POST", "/sandbox/topups/:id/succeed", order -> world.topUps().succeed(order.id()));
        routes.add("POST", "/sandbox/topups/:id/fail", order -> world.topUps().fail(order.id()));
        routes.add("POST", "/sandbox/accounts/:id/exchange", this::exchange);
        routes.add("POST", "/sandbox/balance_transactions", this::adjust);
        routes.add("POST", "/sandbox/events/:id/resend", this::resend);
        routes.add("GET", "/sandbox/clock", order -> clock());
        routes.add("POST", "/sandbox/clock/advance", this::advance);
        routes.add("GET", "/sandbox/books", order -> world.books().report(Set.copyOf(order.accounts)));
        routes.add("GET", "/sandbox/under-way", order -> Json.object("deliveries", world.webhooks().underWay(), "settlements",
                world.settlement().underWay()));
        routes.add("GET", "/sandbox/faults", order -> world.faults().show());
        routes.add("PUT", "/sandbox/faults", this::planFaults);
        routes.add("DELETE", "/sandbox/faults", order -> planFaults(new Order(order.match, new JsonObject(), List.of())));
        routes.add("GET", "/sandbox/keys", order -> world.apiKeys().show());
        routes.add("PUT", "/sandbox/keys", order -> replaceKeys(order.body));
        routes.add("DELETE", "/sandbox/keys", order -> replaceKeys(new JsonObject()));
        routes.add("GET", "/sandbox/limits", order -> world.limits().show());
        routes.add("PUT", "/sandbox/limits", order -> replaceLimits(order.body));
        routes.add("DELETE", "/sandbox/limits", order -> replaceLimits(null));
        routes.add("GET", "/sandbox/webhooks", order -> webhooks());
        routes.add("PUT", "/sandbox/webhooks", this::replaceWebhooks);
        new BillingControls(world.state(), world.methods(), world.billing()).each((method, path, control) -> routes.add(method,
                path, order -> control.apply(order.id(), order.body)));
    }

    Answer serve(HttpServerRequest request, Buffer body) {
        Routes.Match<Function<Order, JsonObject>> match = routes.find(request.method().name(), request.path());
        if (match == null) {
            throw StripeError.status(404, "invalid_request_error", null,
                    "The sandbox has no control " + request.method() + " " + request.path());
        }
        try {
            JsonObject sent = body.length() == 0 ? new JsonObject() : body.toJsonObject();
            return Answer.json(200, match.target().apply(new Order(match, sent, request.params().getAll("account"))));
        } catch (DecodeException | ClassCastException notJson) {
            throw StripeError.invalid("The body is not what this control takes: " + notJson.getMessage());
        } catch (IllegalArgumentException invalid) {
            throw StripeError.invalid(String.valueOf(invalid.getMessage()));
        }
    }

    private JsonObject require(Order order) {
        List<String> due = Json.strings(order.body.getJsonArray("currentlyDue"));
        if (due.isEmpty()) {
            throw StripeError.invalid("currentlyDue must name at least one requirement", "currentlyDue");
        }
        return world.accounts().require(order.id(), due, flag(order, "disabled", true));
    }

    private JsonObject payCheckout(Order order) {
        world.checkouts().find(order.id());
        JsonObject method = world.checkouts().method(order.id(), paymentMethod(order));
        return world.checkouts().pay(order.id(), method, order.body.getString("email"), order.body.getString("name"));
    }

    private JsonObject payIntent(Order order) {
        String account = world.state().owner(order.id());
        if (account == null) {
            throw StripeError.noSuch("payment_intent", order.id());
        }
        JsonObject intent = world.state().get(account, "payment_intent", order.id());
        JsonObject method = world.methods().resolve(account, paymentMethod(order), "paymentMethod");
        return world.confirmation().confirm(account, intent, method,
                Confirmation.Circumstances.onPage(order.body.getString("returnUrl")));
    }

    private static String paymentMethod(Order order) {
        String method = order.body.getString("paymentMethod");
        if (method == null) {
            throw StripeError.invalid("paymentMethod is missing, for example pm_card_visa", "paymentMethod");
        }
        return method;
    }

    private JsonObject dispute(Order order) {
        String charge = order.body.getString("charge");
        if (charge == null) {
            throw StripeError.invalid("charge is missing, for example ch_…", "charge");
        }
        return world.disputes().open(charge, order.body.getLong("amount"), order.body.getString("status", "needs_response"),
                order.body.getString("reason", "general"));
    }

    private JsonObject exchange(Order order) {
        if (!order.id().equals(State.PLATFORM)) {
            world.accounts().requireConnected(order.id());
        }
        return world.transactions().exchange(order.id(), text(order, "from"), text(order, "into"),
                new BigDecimal(text(order, "rate")));
    }

    private JsonObject adjust(Order order) {
        Movement.Line line = Movement.Line.of(text(order, "type"), order.body.getLong("amount", 0L), null,
                world.clock().seconds()).lessFee(order.body.getLong("fee", 0L), "stripe_fee");
        return world.transactions().adjust(order.body.getString("account", State.PLATFORM), text(order, "currency"), line);
    }

    private static String text(Order order, String name) {
        String text = order.body.getString(name);
        if (text == null) {
            throw StripeError.invalid(name + " is missing", name);
        }
        return text;
    }

    private JsonObject resend(Order order) {
        int count = order.body.getInteger("count", 1);
        if (count < 1 || count > 1_000) {
            throw StripeError.invalid("count must be between 1 and 1000", "count");
        }
        world.events().resend(order.id(), count);
        return Json.object("event", order.id(), "count", count);
    }

    private JsonObject clock() {
        return Json.object("now", world.clock().now().toString(), "offsetSeconds", world.clock().offset().toSeconds(),
                "offsetMillis", world.clock().offset().toMillis());
    }

    private JsonObject advance(Order order) {
        Object sent = order.body.getValue("seconds");
        if (!(sent instanceof Integer || sent instanceof Long)) {
            throw StripeError.invalid("seconds must be a whole number", "seconds");
        }
        long seconds = ((Number) sent).longValue();
        if (seconds < 0 || seconds > LONGEST_ADVANCE_SECONDS) {
            throw StripeError.invalid("seconds must be between 0 and ten years", "seconds");
        }
        world.clock().advance(Duration.ofSeconds(seconds));
        return clock();
    }

    private JsonObject planFaults(Order order) {
        world.faults().replace(order.body);
        return world.faults().show();
    }

    private JsonObject replaceKeys(JsonObject plan) {
        world.apiKeys().replace(plan);
        return world.apiKeys().show();
    }

    private JsonObject replaceLimits(@Nullable JsonObject limits) {
        world.limits().replace(limits);
        return world.limits().show();
    }

    private JsonObject webhooks() {
        JsonArray endpoints = new JsonArray();
        world.webhooks().endpoints().forEach(endpoint -> endpoints.add(endpoint.json()));
        return Json.object("endpoints", endpoints);
    }

    private JsonObject replaceWebhooks(Order order) {
        JsonArray endpoints = order.body.getJsonArray("endpoints");
        if (endpoints == null) {
            throw StripeError.invalid("endpoints is missing: [{\"kind\": \"platform\", \"url\": \"http://…\"}]", "endpoints");
        }
        world.webhooks().replace(Json.objects(endpoints).stream().map(WebhookEndpoint::parse).toList());
        return webhooks();
    }

    private static boolean flag(Order order, String name, boolean otherwise) {
        return order.body.getBoolean(name, otherwise);
    }
}
