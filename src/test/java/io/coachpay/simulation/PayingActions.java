package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.simulation.Dice.Booking;

/** Payments of a booking, in three ways, with good cards and others. */
final class PayingActions {

    static final List<Action> ALL = List.of(
            new Action(14, PayingActions::pay),
            new Action(5, PayingActions::begin),
            new Action(8, PayingActions::payWhatWasBegun),
            new Action(4, PayingActions::giveUp),
            new Action(5, PayingActions::saveCard),
            new Action(6, PayingActions::payWithSavedCard),
            new Action(3, PayingActions::comeBack),
            new Action(4, PayingActions::bankDecides),
            new Action(3, PayingActions::payWhatIsOpen),
            new Action(2, PayingActions::payAnotherAmount));

    private PayingActions() {
    }

    static String card(Dice dice) {
        return dice.oneOf("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_amex",
                "pm_card_bypassPending", "pm_card_bypassPending", "pm_card_visa_chargeDeclined",
                "pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_authenticationRequired",
                "pm_card_threeDSecureRequiredChargeDeclined", "pm_card_pendingRefund", "pm_card_refundFail",
                "pm_card_processing");
    }

    private static Deed pay(Dice dice) {
        return pay(dice, dice.booking());
    }

    /** Pays this booking, from beginning to end in one deed. */
    static Deed pay(Dice dice, Booking booking) {
        dice.paying(booking);
        String method = dice.oneOf("checkout", "payment_intent");
        String card = card(dice);
        boolean authenticates = dice.chance(0.8);
        boolean insists = dice.chance(0.3);
        return new Deed("booking %d is paid by %s with %s%s".formatted(booking.number(), method, card,
                insists ? ", insisting" : ""), stage -> {
                    Reply begun = begin(stage, booking,
                            Map.of("method", method, "metadata", Map.of("booking", "no. " + booking.number())), insists);
                    return begun.brief() + (begun.ok() ? ", " + pay(stage, booking, card, authenticates) : "");
                });
    }

    private static Deed begin(Dice dice) {
        Booking booking = dice.booking();
        String method = dice.oneOf("checkout", "payment_intent");
        return new Deed("paying booking %d by %s begins".formatted(booking.number(), method),
                stage -> begin(stage, booking, Map.of("method", method), false).brief());
    }

    private static Deed payWhatWasBegun(Dice dice) {
        Booking booking = dice.paying(dice.booking());
        String card = card(dice);
        boolean authenticates = dice.chance(0.8);
        return new Deed("what was begun for booking %d is paid with %s".formatted(booking.number(), card),
                stage -> pay(stage, booking, card, authenticates));
    }

    private static Deed giveUp(Dice dice) {
        Booking booking = dice.booking();
        return new Deed("paying booking %d is given up".formatted(booking.number()), stage -> stage.mentee(booking)
                .delete("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/payment").brief());
    }

    private static Deed saveCard(Dice dice) {
        int mentee = dice.mentee();
        String card = dice.oneOf("pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail",
                "pm_card_authenticationRequired");
        return new Deed("mentee %d saves %s".formatted(mentee, card), stage -> {
            String customer = stage.mentee(mentee).get("/v1/me").text("stripeCustomerId");
            return customer.isEmpty() ? "has never paid"
                    : stage.stripe("/v1/payment_methods/" + card + "/attach", "customer=" + customer).brief();
        });
    }

    private static Deed payWithSavedCard(Dice dice) {
        Booking booking = dice.paying(dice.booking());
        int which = dice.below(3);
        boolean insists = dice.chance(0.3);
        return new Deed("booking %d is paid with a saved card".formatted(booking.number()), stage -> {
            var cards = stage.mentee(booking).get("/v1/me/payment-methods").body();
            String id = cards.isEmpty() ? "" : cards.get(which % cards.size()).path("id").asText();
            Map<String, String> form = id.isEmpty() ? Map.of("method", "saved_card")
                    : Map.of("method", "saved_card", "paymentMethodId", id);
            return begin(stage, booking, form, insists).brief();
        });
    }

    private static Deed comeBack(Dice dice) {
        Booking booking = dice.booking();
        return new Deed("the payer of booking %d comes back from Stripe's page".formatted(booking.number()), stage -> {
            String page = stage.pageOf(booking);
            return page == null ? "there was none"
                    : stage.mentee(booking).get("/checkout/done?visit=" + checkoutSession(page)).brief();
        });
    }

    private static Deed bankDecides(Dice dice) {
        int which = dice.below(40);
        String how = dice.oneOf("succeed", "fail", "fail");
        return new Deed("a bank that took its time says %s".formatted(how),
                stage -> withIntent(stage, which, "processing", "/" + how, Map.of()));
    }

    /** A holder of the client secret may pay, even when page or booking are over. */
    private static Deed payWhatIsOpen(Dice dice) {
        int which = dice.below(40);
        return new Deed("what is still open at Stripe is paid",
                stage -> withIntent(stage, which, "requires_payment_method", "/pay", Map.of("paymentMethod", "pm_card_visa")));
    }

    /** Somebody changes an open payment at Stripe, and then it is paid: not what was agreed. */
    private static Deed payAnotherAmount(Dice dice) {
        int which = dice.below(40);
        int units = dice.between(300, 9_000);
        return new Deed("the amount of what is still open at Stripe becomes %d0 units, and it is paid".formatted(units),
                stage -> {
                    List<String> intents = intents(stage, "requires_payment_method");
                    if (intents.isEmpty()) {
                        return "there is none";
                    }
                    String intent = intents.get(which % intents.size());
                    Reply changed = stage.stripe("/v1/payment_intents/" + intent, "amount=%d0".formatted(units));
                    return changed.brief() + (changed.ok() ? ", " + stage.control("/sandbox/payment_intents/" + intent + "/pay",
                            Map.of("paymentMethod", "pm_card_visa")).brief() : "");
                });
    }

    private static String withIntent(Stage stage, int which, String status, String control, Map<String, String> body) {
        List<String> intents = intents(stage, status);
        return intents.isEmpty() ? "there is none"
                : stage.control("/sandbox/payment_intents/" + intents.get(which % intents.size()) + control, body).brief();
    }

    /** The latest intents in this state. */
    static List<String> intents(Stage stage, String status) {
        List<String> ids = new ArrayList<>();
        for (JsonNode intent : stage.stripeList("/v1/payment_intents?limit=100", "")) {
            if (intent.path("status").asText().equals(status)) {
                ids.add(intent.path("id").asText());
            }
        }
        return ids;
    }

    static Reply begin(Stage stage, Booking booking, Map<String, ?> form, boolean insists) {
        String path = "/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/payment";
        Player mentee = stage.mentee(booking);
        Reply begun = insists ? mentee.insist(path, form, "payment-" + booking.number() + "-" + form.hashCode())
                : mentee.post(path, form);
        stage.begun(booking, begun);
        return begun;
    }

    private static String pay(Stage stage, Booking booking, String card, boolean authenticates) {
        String page = stage.pageOf(booking);
        String secret = stage.secretOf(booking);
        if (page == null && secret == null) {
            return "nothing was begun";
        }
        if (page != null) {
            return payPage(stage, checkoutSession(page), card, authenticates);
        }
        String intent = intent(secret);
        return answered(stage, stage.control("/sandbox/payment_intents/" + intent + "/pay", Map.of("paymentMethod", card)),
                intent, card, authenticates);
    }

    /** Pays on Stripe's page, and answers the bank where it asks. */
    static String payPage(Stage stage, String checkoutSession, String card, boolean authenticates) {
        Reply paid = stage.control("/sandbox/checkout/sessions/" + checkoutSession + "/pay", Map.of("paymentMethod", card));
        return answered(stage, paid, paid.text("payment_intent"), card, authenticates);
    }

    private static String answered(Stage stage, Reply paid, String intent, String card, boolean authenticates) {
        if (!card.contains("authentication") && !card.contains("threeDSecure")) {
            return paid.brief();
        }
        return paid.brief() + ", the bank asks: "
                + stage.control("/sandbox/payment_intents/" + intent + "/authenticate", Map.of("success", authenticates))
                        .brief();
    }

    private static String checkoutSession(String page) {
        return page.replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");
    }

    private static String intent(String secret) {
        return secret.replaceAll("_secret_.*", "");
    }
}
