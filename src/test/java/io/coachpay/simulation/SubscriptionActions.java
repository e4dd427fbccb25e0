package io.coachpay.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.AtOnce;

/** People who subscribe, on Stripe's page and with saved cards, who change their plan, and who leave and stay. */
final class SubscriptionActions {

    static final List<Action> ALL = List.of(
            new Action(4, dice -> subscribe(dice, dice.person())),
            new Action(2, SubscriptionActions::leavePage),
            new Action(2, SubscriptionActions::twoTabs),
            new Action(5, dice -> subscribeWithCard(dice, dice.person())),
            new Action(6, SubscriptionActions::changePlan),
            new Action(3, SubscriptionActions::endWithPeriod),
            new Action(1, SubscriptionActions::endNow),
            new Action(4, SubscriptionActions::visitPortal));

    private static final String MINE = Subscriptions.MINE;
    private static final String METHODS = "/v1/me/payment-methods";

    private SubscriptionActions() {
    }

    /** Begins a subscription, one way or the other. */
    static Deed begin(Dice dice, int person) {
        return dice.chance(0.5) ? subscribe(dice, person) : subscribeWithCard(dice, person);
    }

    private static Deed subscribe(Dice dice, int person) {
        dice.subscribing(person);
        int plan = dice.below(Subscriptions.PLANS);
        String card = dice.oneOf("pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_bypassPending",
                "pm_card_visa_chargeDeclined", "pm_card_authenticationRequired", "pm_card_threeDSecureRequiredChargeDeclined",
                "pm_card_pendingRefund", "pm_card_refundFail");
        boolean authenticates = dice.chance(0.8);
        boolean insists = dice.chance(0.3);
        boolean comesBack = dice.chance(0.5);
        int key = dice.below(1_000);
        return new Deed("person %d subscribes to plan %d on the page with %s%s".formatted(person, plan, card,
                insists ? ", insisting" : ""), stage -> {
                    Map<String, String> order = Map.of("planId", stage.subscriptions().plan(plan));
                    Player player = stage.person(person);
                    Reply page = insists ? player.insist(MINE + "/checkout", order, "subscribe-" + plan + "-" + key)
                            : player.post(MINE + "/checkout", order);
                    String said = page.brief() + (page.ok() ? ", " + pay(stage, page, card, authenticates) : "");
                    return comesBack ? said + ", " + player.get(MINE).brief() : said;
                });
    }

    private static String pay(Stage stage, Reply page, String card, boolean authenticates) {
        return PayingActions.payPage(stage, page.text("checkoutUrl").replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1"), card,
                authenticates);
    }

    private static Deed leavePage(Dice dice) {
        int person = dice.person();
        int one = dice.below(Subscriptions.PLANS);
        int other = dice.below(Subscriptions.PLANS);
        return new Deed("person %d looks at the pages of plans %d and %d and leaves".formatted(person, one, other),
                stage -> page(stage, person, one).brief() + ", " + page(stage, person, other).brief());
    }

    private static Reply page(Stage stage, int person, int plan) {
        return stage.person(person).post(MINE + "/checkout", Map.of("planId", stage.subscriptions().plan(plan)));
    }

    /** A page that is paid in one tab while another page is paid in the other, or a saved card pays at the same moment. */
    private static Deed twoTabs(Dice dice) {
        int person = dice.subscribing(dice.person());
        int one = dice.below(Subscriptions.PLANS);
        int other = dice.below(Subscriptions.PLANS);
        boolean page = dice.chance(0.4);
        return new Deed("person %d pays plan %d in one tab and plan %d in another%s".formatted(person, one, other,
                page ? "" : ", with a saved card"), stage -> {
                    Reply first = page(stage, person, one);
                    if (!first.ok()) {
                        return first.brief();
                    }
                    if (page) {
                        Reply second = page(stage, person, other);
                        return pay(stage, first, "pm_card_visa", true) + ", "
                                + (second.ok() ? pay(stage, second, "pm_card_visa", true) : second.brief());
                    }
                    return String.join(", ", AtOnce.all(List.<Callable<String>> of(
                            () -> pay(stage, first, "pm_card_visa", true),
                            () -> stage.person(person).post(MINE, Map.of("planId", stage.subscriptions().plan(other)))
                                    .brief())));
                });
    }

    /** Often with a card that was just saved, and again with another one where that was refused. */
    private static Deed subscribeWithCard(Dice dice, int person) {
        dice.subscribing(person);
        int plan = dice.below(Subscriptions.PLANS);
        String card = dice.oneOf("pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail",
                "pm_card_authenticationRequired");
        boolean saves = dice.chance(0.75);
        boolean authenticates = dice.chance(0.7);
        boolean insists = dice.chance(0.3);
        int which = dice.below(3);
        int key = dice.below(1_000);
        return new Deed("person %d subscribes to plan %d with a saved card%s%s".formatted(person, plan,
                saves ? ", " + card : "", insists ? ", insisting" : ""), stage -> {
                    if (saves) {
                        save(stage, person, card);
                    }
                    String method = method(stage, person, which);
                    Map<String, String> order = new HashMap<>(Map.of("planId", stage.subscriptions().plan(plan)));
                    if (!method.isEmpty()) {
                        order.put("paymentMethodId", method);
                    }
                    Player player = stage.person(person);
                    Reply begun = insists ? player.insist(MINE, order, "begin-" + plan + "-" + key) : player.post(MINE, order);
                    return begun.brief() + answered(stage, begun.body().path("nextAction"), authenticates);
                });
    }

    /** Attaches a card at Stripe, to a customer that is made where there is none. */
    static void save(Stage stage, int person, String card) {
        String customer = stage.customerOf(person);
        if (customer.isEmpty()) {
            stage.person(person).post(METHODS + "/setup", Map.of("ui", "elements"));
            customer = stage.customerOf(person);
        }
        stage.stripe("/v1/payment_methods/" + card + "/attach", "customer=" + customer);
        stage.quiet();
    }

    /** Our id of one of a person's cards, empty when there is none. */
    static String method(Stage stage, int person, int which) {
        JsonNode cards = stage.person(person).get(METHODS).body();
        return cards.isEmpty() ? "" : cards.get(which % cards.size()).path("id").asText();
    }

    /** Answers the bank's question, if there is one. */
    static String answered(Stage stage, JsonNode asked, boolean authenticates) {
        String intent = asked.path("clientSecret").asText("").replaceAll("_secret_.*", "");
        return intent.isEmpty() ? ""
                : ", asked: " + stage.control("/sandbox/payment_intents/" + intent + "/authenticate",
                        Map.of("success", authenticates)).brief();
    }

    /** To a dearer or a cheaper plan, perhaps too late for the preview. */
    private static Deed changePlan(Dice dice) {
        int person = dice.subscriber();
        int plan = dice.below(Subscriptions.PLANS);
        int minutes = dice.oneOf(0, 0, 0, 3, 12);
        dice.passing(Duration.ofMinutes(minutes));
        boolean pays = dice.chance(0.6);
        String card = dice.oneOf("pm_card_visa", "pm_card_visa", "pm_card_visa_chargeDeclined");
        return new Deed("person %d changes to plan %d, %d minutes after its preview".formatted(person, plan, minutes),
                stage -> {
                    Map<String, String> order = Map.of("planId", stage.subscriptions().plan(plan));
                    Reply preview = stage.person(person).post(MINE + "/preview", order);
                    if (!preview.ok()) {
                        return preview.brief();
                    }
                    if (minutes > 0) {
                        stage.pass(Duration.ofMinutes(minutes));
                    }
                    Map<String, String> change = new HashMap<>(order);
                    change.put("prorationDate", preview.text("prorationDate"));
                    Reply changed = stage.person(person).patch(MINE, change);
                    String intent = changed.body().path("nextAction").path("clientSecret").asText("")
                            .replaceAll("_secret_.*", "");
                    return "due " + preview.body().path("dueNow").path("amount").asText() + ": " + changed.brief()
                            + (intent.isEmpty() || !pays ? ""
                                    : ", " + stage.control("/sandbox/payment_intents/" + intent + "/pay",
                                            Map.of("paymentMethod", card)).brief());
                });
    }

    private static Deed endWithPeriod(Dice dice) {
        int person = dice.subscriber();
        boolean ends = dice.chance(0.5);
        return new Deed("the subscription of person %d is to %s".formatted(person, ends ? "end with its period" : "go on"),
                stage -> stage.person(person).patch(MINE, Map.of("cancelAtPeriodEnd", ends)).brief());
    }

    private static Deed endNow(Dice dice) {
        int person = dice.subscriber();
        return new Deed("person %d ends the subscription".formatted(person),
                stage -> stage.person(person).delete(MINE).brief());
    }

    /** Cancels there, keeps it, or changes the plan. */
    private static Deed visitPortal(Dice dice) {
        int person = dice.subscriber();
        int plan = dice.below(Subscriptions.PLANS);
        String action = dice.oneOf("cancel", "cancel", "cancel", "keep", "change");
        String flow = dice.oneOf("", "", "cancel", "change", "payment_method");
        return new Deed("person %d visits the portal, and has the subscription %s".formatted(person, action), stage -> {
            Map<String, String> order = new HashMap<>(Map.of("returnUrl", stage.home() + "/account"));
            if (!flow.isEmpty()) {
                order.put("flow", flow);
            }
            Reply visit = stage.person(person).post("/v1/me/billing-portal", order);
            return visit.brief() + (visit.ok() ? ", " + stage.subscriptions().live(person, subscription -> stage.stripe(
                    visit.text("url"), "action=" + action + "&subscription=" + subscription + "&price="
                            + stage.subscriptions().priceOf(plan))
                    .brief()) : "");
        });
    }
}
