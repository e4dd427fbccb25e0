package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.vertx.core.json.JsonObject;

/** The billing portal as a customer sees it: cards, subscriptions, invoices and particulars. */
final class PortalPages {

    private static final Template PORTAL = new Template("portal.html");
    private static final long VISIT_SECONDS = 60 * 60;

    private final World world;

    PortalPages(World world) {
        this.world = world;
    }

    Answer show(Pages.Visit visit) {
        return page(200, find(visit), "");
    }

    Answer act(Pages.Visit visit) {
        JsonObject session = find(visit);
        try {
            world.billing().portal().act(owner(visit.id()), session, visit.form());
        } catch (StripeError refusal) {
            return page(refusal.status(), session, String.valueOf(refusal.getMessage()));
        }
        JsonObject flow = session.getJsonObject("flow");
        JsonObject redirect = flow == null ? null : flow.getJsonObject("after_completion").getJsonObject("redirect");
        return Answer.redirect(redirect == null ? session.getString("url") : redirect.getString("return_url"));
    }

    private Answer page(int status, JsonObject session, String error) {
        String account = owner(session.getString("id"));
        JsonObject customer = world.state().get(account, "customer", session.getString("customer"));
        Map<String, String> values = new LinkedHashMap<>();
        values.put("error", error);
        values.put("action", "/p/" + session.getString("id") + "/" + token(session));
        values.put("name", Pages.orEmpty(customer.getString("name")));
        values.put("email", Pages.orEmpty(customer.getString("email")));
        values.put("cards", cards(account, session, customer));
        values.put("subscriptions", of(account, "subscription", session).stream()
                .filter(each -> !SubscriptionObject.hasEnded(each)).map(each -> subscription(account, session, each))
                .collect(Collectors.joining("\n")));
        values.put("invoices", world.billing().portal().allows(account, session, "invoice_history")
                ? of(account, "invoice", session).stream().filter(each -> each.getString("number") != null)
                        .map(PortalPages::invoice).collect(Collectors.joining("\n"))
                : "");
        values.put("cardHidden", hidden(account, session, "payment_method_update"));
        values.put("detailsHidden", hidden(account, session, "customer_update"));
        values.put("invoicesHidden", hidden(account, session, "invoice_history"));
        values.put("back", Pages.orEmpty(session.getString("return_url")));
        values.put("backHidden", session.getString("return_url") == null ? "hidden" : "");
        return Answer.html(status, PORTAL.page("Billing", values));
    }

    private String hidden(String account, JsonObject session, String feature) {
        return world.billing().portal().allows(account, session, feature) ? "" : "hidden";
    }

    private String cards(String account, JsonObject session, JsonObject customer) {
        String present = String.valueOf(customer.getJsonObject("invoice_settings").getString("default_payment_method"));
        return of(account, "payment_method", session).stream().map(method -> {
            JsonObject card = method.getJsonObject("card");
            String name = card == null ? method.getString("type") : card.getString("brand") + " " + card.getString("last4");
            boolean main = present.equals(method.getString("id"));
            return "<form method=\"post\"><input type=\"hidden\" name=\"method\" value=\"" + method.getString("id") + "\">"
                    + Template.escape(name) + (main ? " (default)" : button("default", "Make default"))
                    + button("remove", "Remove") + "</form>";
        }).collect(Collectors.joining("\n"));
    }

    private String subscription(String account, JsonObject session, JsonObject subscription) {
        JsonObject price = SubscriptionObject.item(subscription).getJsonObject("price");
        Portal portal = world.billing().portal();
        boolean ends = subscription.getLong("cancel_at") != null;
        StringBuilder text = new StringBuilder("<form method=\"post\"><input type=\"hidden\" name=\"subscription\" value=\"")
                .append(subscription.getString("id")).append("\"><p>").append(Pages.amount(price, "unit_amount")).append(" / ")
                .append(price.getJsonObject("recurring").getString("interval")).append(", ")
                .append(subscription.getString("status")).append(ends ? ", ends" : "").append("</p>");
        if (portal.allows(account, session, "subscription_cancel")) {
            text.append(ends ? button("keep", "Don't cancel") : button("cancel", "Cancel"));
        }
        if (portal.allows(account, session, "subscription_update")) {
            text.append("<select name=\"price\" aria-label=\"Plan\">");
            portal.prices(account, session).forEach(each -> text.append("<option value=\"").append(each.getString("id"))
                    .append("\">").append(Pages.amount(each, "unit_amount")).append("</option>"));
            text.append("</select>").append(button("change", "Change plan"));
        }
        return text.append("</form>").toString();
    }

    private static String button(String action, String words) {
        return "<button class=\"second\" name=\"action\" value=\"" + action + "\">" + Template.escape(words) + "</button>";
    }

    private static String invoice(JsonObject invoice) {
        return "<li><a href=\"" + Template.escape(invoice.getString("hosted_invoice_url")) + "\">"
                + invoice.getString("number") + "</a> " + Pages.amount(invoice, "total") + ", " + invoice.getString("status")
                + "</li>";
    }

    private List<JsonObject> of(String account, String kind, JsonObject session) {
        return world.state().all(account, kind).stream()
                .filter(each -> session.getString("customer").equals(each.getString("customer"))).toList();
    }

    private JsonObject find(Pages.Visit visit) {
        JsonObject session = world.state().get(owner(visit.id()), "billing_portal.session", visit.id());
        if (!token(session).equals(visit.variables().get("token"))) {
            throw StripeError.noSuch("billing_portal.session", visit.id());
        }
        if (session.getLong("created") + VISIT_SECONDS < world.clock().seconds()) {
            throw StripeError.status(410, "invalid_request_error", null,
                    "This visit has ended. Go back and open the page again.");
        }
        return session;
    }

    private String token(JsonObject session) {
        return world.state().notes(session.getString("id")).getString("token", "");
    }

    private String owner(String id) {
        String owner = world.state().owner(id);
        return owner == null ? State.PLATFORM : owner;
    }
}
