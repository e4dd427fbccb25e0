package io.coachpay.sandbox;

import java.util.List;
import java.util.Map;

import io.vertx.core.json.JsonObject;

/**
 * Ways for an account's owner to get in: onboarding links that work once and for minutes, sessions of embedded components, and
 * login links to the dashboard.
 *
 * @see <a href="https://docs.stripe.com/api/account_links">Stripe: account links</a>
 */
final class AccountAccess {

    private static final long LINK_SECONDS = 5 * 60;
    private static final long SESSION_SECONDS = 60 * 60;

    private static final List<String> OWNER = List.of("disable_stripe_user_authentication", "external_account_collection");
    private static final List<String> PAYMENTS = List.of("capture_payments", "destination_on_behalf_of_charge_management",
            "dispute_management", "refund_management", "smart_disputes_management");
    private static final List<String> PAYOUTS = List.of("disable_stripe_user_authentication", "edit_payout_schedule",
            "external_account_collection", "instant_payouts", "standard_payouts");
    private static final List<String> ISSUING = List.of("card_management", "card_spend_dispute_management",
            "cardholder_management", "spend_control_management");
    private static final Map<String, List<String>> COMPONENTS = Map.ofEntries(Map.entry("account_management", OWNER),
            Map.entry("account_onboarding", OWNER), Map.entry("balance_report", List.of()), Map.entry("balances", PAYOUTS),
            Map.entry("disputes_list", PAYMENTS), Map.entry("documents", List.of()),
            Map.entry("financial_account",
                    List.of("disable_stripe_user_authentication", "external_account_collection", "send_money",
                            "transfer_balance")),
            Map.entry("financial_account_transactions", List.of("card_spend_dispute_management")),
            Map.entry("instant_payouts_promotion",
                    List.of("disable_stripe_user_authentication", "external_account_collection", "instant_payouts")),
            Map.entry("issuing_card", ISSUING),
            Map.entry("issuing_cards_list",
                    List.of("card_management", "card_spend_dispute_management", "cardholder_management",
                            "disable_stripe_user_authentication", "spend_control_management")),
            Map.entry("notification_banner", OWNER), Map.entry("payment_details", PAYMENTS),
            Map.entry("payment_disputes",
                    List.of("destination_on_behalf_of_charge_management", "dispute_management", "refund_management",
                            "smart_disputes_management")),
            Map.entry("payments", PAYMENTS), Map.entry("payout_details", List.of()),
            Map.entry("payout_reconciliation_report", List.of()), Map.entry("payouts", PAYOUTS),
            Map.entry("payouts_list", List.of()), Map.entry("tax_registrations", List.of()),
            Map.entry("tax_settings", List.of()));

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Accounts accounts;
    private final String base;

    AccountAccess(State state, Ids ids, VirtualClock clock, Accounts accounts, String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.accounts = accounts;
        this.base = base;
    }

    void routes(Api api) {
        api.post("/v1/account_links", "account! type! refresh_url return_url collect collection_options{fields "
                + "future_requirements} expand[]", this::createLink);
        api.post("/v1/account_sessions", "account! components*! expand[]", this::createSession);
        api.post("/v1/accounts/:id/login_links", "expand[]", this::createLogin);
    }

    /** The addresses of a link; it can be used up once and while it is fresh. */
    record Link(String account, String returnUrl, String refreshUrl, boolean usable) {
    }

    Link find(String token) {
        JsonObject link = state.notes("account_link:" + token);
        if (link.isEmpty()) {
            throw StripeError.noSuch("account_link", token);
        }
        boolean usable = !link.getBoolean("used", false) && clock.seconds() <= link.getLong("expires_at");
        return new Link(link.getString("account"), link.getString("return_url"), link.getString("refresh_url"), usable);
    }

    void useUp(String token) {
        state.notes("account_link:" + token).put("used", true);
    }

    /** Begins the one visit a link allows; its secret is in the page. */
    String visit(String token) {
        String visit = ids.random(20);
        state.notes("account_link:" + token).put("visit", visit);
        return visit;
    }

    /** Ends the visit; false for another visit, or one that has ended before. */
    boolean endVisit(String token, String visit) {
        return !visit.isEmpty() && visit.equals(state.notes("account_link:" + token).remove("visit"));
    }

    private JsonObject createLink(Call call) {
        Parameters parameters = call.parameters();
        JsonObject account = accounts.get(parameters.need("account"));
        String type = parameters.oneOf("type", "account_onboarding", "account_update");
        String dashboard = account.getJsonObject("controller").getJsonObject("stripe_dashboard").getString("type");
        if ("account_update".equals(type) && !"none".equals(dashboard)) {
            throw StripeError.invalid("You cannot create `account_update` type Account Links for this account.", "type");
        }
        String token = ids.random(16);
        long expires = clock.seconds() + LINK_SECONDS;
        state.notes("account_link:" + token)
                .mergeIn(Json.object("account", account.getString("id"), "return_url", parameters.need("return_url"),
                        "refresh_url", parameters.need("refresh_url"), "expires_at", expires));
        return Json.object("object", "account_link", "created", clock.seconds(), "expires_at", expires, "url",
                base + "/setup/" + account.getString("id") + "/" + token);
    }

    private JsonObject createSession(Call call) {
        Parameters parameters = call.parameters();
        String account = parameters.need("account");
        accounts.get(account);
        Parameters wanted = parameters.nested("components");
        wanted.json().fieldNames().stream().filter(name -> !COMPONENTS.containsKey(name)).findFirst().ifPresent(name -> {
            throw StripeError.unknown("components[" + name + "]");
        });
        JsonObject components = new JsonObject();
        COMPONENTS.keySet().stream().sorted()
                .forEach(
                        name -> components.put(name, component(wanted.nested(name), COMPONENTS.getOrDefault(name, List.of()))));
        return Json.object("object", "account_session", "account", account, "client_secret",
                "accs_secret__" + ids.random(32), "components", components, "expires_at", clock.seconds() + SESSION_SECONDS,
                "livemode", false);
    }

    private static JsonObject component(Parameters wanted, List<String> features) {
        boolean enabled = wanted.flag("enabled");
        JsonObject flags = new JsonObject();
        features.forEach(feature -> flags.put(feature, wanted.nested("features").flag(feature,
                enabled && !feature.equals("disable_stripe_user_authentication"))));
        return Json.object("enabled", enabled, "features", flags);
    }

    private JsonObject createLogin(Call call) {
        JsonObject account = accounts.get(call.id());
        String dashboard = account.getJsonObject("controller").getJsonObject("stripe_dashboard").getString("type");
        if (!"express".equals(dashboard)) {
            throw StripeError.invalid("Login Links can only be created for accounts with access to the Express Dashboard.");
        }
        if (!account.getBoolean("details_submitted")) {
            throw StripeError.invalid("Cannot create a login link for an account that has not completed onboarding.");
        }
        return Json.object("object", "login_link", "created", clock.seconds(), "url",
                base + "/express/" + account.getString("id"));
    }
}
