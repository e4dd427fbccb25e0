package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/** Checkout pages as a customer sees them. */
final class CheckoutPages {

    private static final Template CARD = new Template("card.html");

    private final World world;

    CheckoutPages(World world) {
        this.world = world;
    }

    Answer show(Pages.Visit visit) {
        JsonObject session = world.checkouts().find(visit.id());
        if (!CheckoutSessions.isOpen(session)) {
            return ended(session);
        }
        return page(200, session, visit.form(), lastError(session));
    }

    Answer pay(Pages.Visit visit) {
        JsonObject session = world.checkouts().find(visit.id());
        if (!CheckoutSessions.isOpen(session)) {
            return ended(session);
        }
        Parameters form = visit.form();
        try {
            JsonObject method = world.checkouts().method(visit.id(), Pages.card(form));
            world.checkouts().pay(visit.id(), method, form.text("email"), form.text("name"));
        } catch (StripeError refusal) {
            return page(402, session, form, String.valueOf(refusal.getMessage()));
        }
        if (!CheckoutSessions.isOpen(session)) {
            return ended(session);
        }
        // still open after a payment that was not refused: the bank requires authentication
        JsonObject intent = attempted(session);
        return intent == null || !"requires_action".equals(intent.getString("status"))
                ? Pages.message(200, "Under way", "Your payment is made; what you bought follows in a moment.")
                : Answer.redirect(world.base() + "/challenge/" + intent.getString("id"));
    }

    /** Shows the outcome after the bank's challenge. */
    Answer comeBack(Pages.Visit visit) {
        JsonObject session = world.checkouts().find(visit.id());
        return CheckoutSessions.isOpen(session) ? Answer.redirect(world.base() + "/c/pay/" + visit.id()) : ended(session);
    }

    private static Answer ended(JsonObject session) {
        if ("complete".equals(session.getString("status"))) {
            return Answer.redirect(
                    session.getString("success_url").replace("{CHECKOUT_SESSION_ID}", session.getString("id")));
        }
        return Pages.message(410, "This page has expired",
                "Nothing was charged. Go back to where you came from and start again.");
    }

    private Answer page(int status, JsonObject session, Parameters typed, String error) {
        boolean setup = session.getString("mode").equals("setup");
        boolean subscribes = session.getString("mode").equals("subscription");
        String cancel = session.getString("cancel_url");
        String amount = Pages.amount(session, "amount_total");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("heading", setup ? "Save a card" : subscribes ? "Subscribe" : "Pay");
        values.put("amount", amount);
        values.put("description", description(session));
        values.put("error", error);
        values.put("action", "/c/pay/" + session.getString("id"));
        values.put("email", typed.text("email", email(session)));
        values.put("number", typed.text("number", ""));
        values.put("expiry", typed.text("expiry", ""));
        values.put("name", typed.text("name", ""));
        values.put("button", setup ? "Save card" : (subscribes ? "Subscribe for " : "Pay ") + amount);
        values.put("cancelHidden", cancel == null ? "hidden" : "");
        values.put("cancelUrl", cancel == null ? "" : cancel.replace("{CHECKOUT_SESSION_ID}", session.getString("id")));
        return Answer.html(status, CARD.page("Checkout", values));
    }

    private String description(JsonObject session) {
        List<String> names = Json.objects(world.checkouts().lineItems(session).getJsonArray("data")).stream()
                .map(item -> item.getLong("quantity") + " × " + item.getString("description")).toList();
        return String.join(", ", names);
    }

    private String email(JsonObject session) {
        String customer = session.getString("customer");
        String owner = world.state().owner(session.getString("id"));
        JsonObject known = customer == null || owner == null ? null : world.state().find(owner, "customer", customer);
        return Pages.orEmpty(known == null ? session.getString("customer_email") : known.getString("email"));
    }

    private @Nullable JsonObject attempted(JsonObject session) {
        String owner = world.state().owner(session.getString("id"));
        return owner == null ? null : world.checkouts().attempted(owner, session);
    }

    private String lastError(JsonObject session) {
        JsonObject intent = attempted(session);
        JsonObject error = intent == null ? null : intent.getJsonObject("last_payment_error");
        return error == null ? "" : error.getString("message");
    }
}
