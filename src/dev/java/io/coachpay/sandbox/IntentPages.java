package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Pages that act as Stripe.js in the payer's browser: they pay an intent by its client secret
 * ({@code /pay/{pi}?client_secret=…}), and answer the bank's challenge.
 */
final class IntentPages {

    private static final Template CARD = new Template("card.html");
    private static final Template CHALLENGE = new Template("challenge.html");

    private final World world;

    IntentPages(World world) {
        this.world = world;
    }

    Answer show(Pages.Visit visit) {
        JsonObject intent = bySecret(visit);
        if (!PaymentIntents.isOpen(intent)) {
            return concluded(intent);
        }
        return page(200, intent, visit, "");
    }

    Answer pay(Pages.Visit visit) {
        JsonObject intent = bySecret(visit);
        if (!PaymentIntents.isOpen(intent)) {
            return concluded(intent);
        }
        String account = owner(visit.id());
        try {
            JsonObject method = world.methods().create(account, Pages.card(visit.form()));
            world.confirmation().confirm(account, intent, method,
                    Confirmation.Circumstances.onPage(world.base() + "/pay/" + visit.id() + secretQuery(intent)));
        } catch (StripeError refusal) {
            return page(402, intent, visit, String.valueOf(refusal.getMessage()));
        }
        return "requires_action".equals(intent.getString("status")) ? Answer.redirect(world.base() + "/challenge/" + visit.id())
                : concluded(intent);
    }

    Answer challenge(Pages.Visit visit) {
        JsonObject intent = find(visit.id());
        if (!"requires_action".equals(intent.getString("status"))) {
            return concluded(intent);
        }
        String amount = intent.containsKey("amount") ? Pages.amount(intent, "amount") : "nothing, to save your card";
        return Answer.html(200,
                CHALLENGE.page("Authentication", Map.of("amount", amount, "action", "/challenge/" + visit.id())));
    }

    Answer answerChallenge(Pages.Visit visit) {
        JsonObject intent = find(visit.id());
        String back = returnUrl(intent);
        boolean success = "complete".equals(visit.form().text("outcome"));
        try {
            if (visit.id().startsWith("seti_")) {
                world.setups().authenticate(visit.id(), success);
            } else {
                world.confirmation().authenticate(visit.id(), success);
            }
        } catch (StripeError declined) {
            // the intent remembers the failure, and the page that the payer returns to shows it
            if (back == null) {
                return Pages.message(402, "Not paid", String.valueOf(declined.getMessage()));
            }
        }
        return back == null ? concluded(intent) : Answer.redirect(withOutcome(back, intent));
    }

    private String withOutcome(String back, JsonObject intent) {
        if (back.startsWith(world.base())) {
            return back;
        }
        String outcome = "succeeded".equals(intent.getString("status")) ? "succeeded" : "failed";
        return back + (back.contains("?") ? "&" : "?") + intent.getString("object") + "=" + intent.getString("id") + "&"
                + intent.getString("object") + "_client_secret=" + intent.getString("client_secret") + "&redirect_status="
                + outcome;
    }

    private static @Nullable String returnUrl(JsonObject intent) {
        JsonObject action = intent.getJsonObject("next_action");
        JsonObject redirect = action == null ? null : action.getJsonObject("redirect_to_url");
        return redirect == null ? null : redirect.getString("return_url");
    }

    private static Answer concluded(JsonObject intent) {
        return switch (intent.getString("status")) {
            case "succeeded" -> Pages.message(200, "Done", "The sandbox's bank agreed. You can close this page.");
            case "processing" -> Pages.message(200, "Under way", "The bank takes a day to pay; you can close this page.");
            case "canceled" -> Pages.message(410, "Canceled", "This payment was canceled; nothing was charged.");
            default ->
                Pages.message(402, "Not paid", "Authentication failed. Go back and try again, perhaps with another card.");
        };
    }

    private static Answer page(int status, JsonObject intent, Pages.Visit visit, String error) {
        Parameters typed = visit.form();
        String amount = Pages.amount(intent, "amount");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("heading", "Pay");
        values.put("amount", amount);
        values.put("description", Pages.orEmpty(intent.getString("description")));
        values.put("error", error);
        values.put("action", "/pay/" + intent.getString("id") + secretQuery(intent));
        values.put("email", typed.text("email", Pages.orEmpty(intent.getString("receipt_email"))));
        values.put("number", typed.text("number", ""));
        values.put("expiry", typed.text("expiry", ""));
        values.put("name", typed.text("name", ""));
        values.put("button", "Pay " + amount);
        values.put("cancelHidden", "hidden");
        return Answer.html(status, CARD.page("Payment", values));
    }

    private static String secretQuery(JsonObject intent) {
        return "?client_secret=" + intent.getString("client_secret");
    }

    /** The intent of a request that knows its client secret, without which nobody may see or pay it. */
    private JsonObject bySecret(Pages.Visit visit) {
        JsonObject intent = find(visit.id());
        if (!intent.getString("client_secret").equals(visit.query().text("client_secret"))) {
            throw StripeError.noSuch("payment_intent", visit.id());
        }
        return intent;
    }

    private JsonObject find(String id) {
        return world.state().get(owner(id), id.startsWith("seti_") ? "setup_intent" : "payment_intent", id);
    }

    private String owner(String id) {
        String owner = world.state().owner(id);
        return owner == null ? State.PLATFORM : owner;
    }
}
