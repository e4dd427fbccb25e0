package io.coachpay.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** Pages that a person sees at Stripe: Checkout, a plain card form for an intent, the bank's challenge, onboarding. */
final class Pages {

    private static final Template MESSAGE = new Template("message.html");

    private final Routes<Function<Visit, Answer>> routes = new Routes<>();

    /** A person's request: the ids in the path, the query, and the form. */
    record Visit(Map<String, String> variables, Parameters query, Parameters form) {

        String id() {
            return variables.getOrDefault("id", "");
        }
    }

    Pages(World world) {
        CheckoutPages checkout = new CheckoutPages(world);
        routes.add("GET", "/c/pay/:id", checkout::show);
        routes.add("POST", "/c/pay/:id", checkout::pay);
        routes.add("GET", "/c/return/:id", checkout::comeBack);
        IntentPages intents = new IntentPages(world);
        routes.add("GET", "/pay/:id", intents::show);
        routes.add("POST", "/pay/:id", intents::pay);
        routes.add("GET", "/challenge/:id", intents::challenge);
        routes.add("POST", "/challenge/:id", intents::answerChallenge);
        OnboardingPages onboarding = new OnboardingPages(world);
        routes.add("GET", "/setup/:id/:token", onboarding::show);
        routes.add("POST", "/setup/:id/:token", onboarding::finish);
        routes.add("GET", "/express/:id", onboarding::dashboard);
        InvoicePages invoices = new InvoicePages(world);
        routes.add("GET", "/i/:id/:token", invoices::show);
        routes.add("POST", "/i/:id/:token", invoices::pay);
        routes.add("GET", "/i/:id/:token/pdf", invoices::pdf);
        routes.add("GET", "/credit_notes/:id/pdf", invoices::creditNote);
        PortalPages portal = new PortalPages(world);
        routes.add("GET", "/p/:id/:token", portal::show);
        routes.add("POST", "/p/:id/:token", portal::act);
        routes.add("GET", "/", visit -> message(200, "A sandbox of Stripe",
                "It answers Stripe's API at /v1, and shows its books at /sandbox/books."));
    }

    Answer serve(HttpServerRequest request, Buffer body) {
        Routes.Match<Function<Visit, Answer>> match = routes.find(request.method().name(), request.path());
        if (match == null) {
            return message(404, "Not found", "The sandbox has no such page.");
        }
        String query = request.query() == null ? "" : request.query();
        try {
            return match.target().apply(new Visit(match.variables(), new Parameters(Form.parse(query)),
                    new Parameters(Form.parse(body.toString(StandardCharsets.UTF_8)))));
        } catch (StripeError refusal) {
            return message(refusal.status(), "This does not work", String.valueOf(refusal.getMessage()));
        }
    }

    static Answer message(int status, String heading, String text) {
        return Answer.html(status, MESSAGE.page(heading, Map.of("heading", heading, "text", text)));
    }

    /** The parameters of a payment method that a person typed. */
    static Parameters card(Parameters form) {
        List<String> expiry = List.of(form.text("expiry", "").trim().split("\\s*/\\s*", -1));
        if (expiry.size() != 2) {
            throw StripeError.status(402, "card_error", "invalid_expiry_year", "Your card's expiration date is incomplete.");
        }
        Map<String, Object> card = Map.of("number", form.text("number", ""), "exp_month", expiry.get(0), "exp_year",
                expiry.get(1),
                "cvc",
                form.text("cvc", ""));
        return new Parameters(Map.of("type", "card", "card", card, "billing_details",
                Map.of("email", form.text("email", ""), "name", form.text("name", ""))));
    }

    static String amount(JsonObject object, String name) {
        String currency = object.getString("currency");
        Long amount = object.getLong(name);
        return amount == null ? "" : Currencies.decimal(amount, currency) + " " + currency.toUpperCase(Locale.ROOT);
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
