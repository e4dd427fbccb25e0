package io.coachpay.simulation;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Cards that mentees save, choose and remove, here and in Stripe's dashboard, while they pay with them. */
final class CardActions {

    static final List<Action> ALL = List.of(
            new Action(10, CardActions::save),
            new Action(2, CardActions::abandon),
            new Action(6, CardActions::choose),
            new Action(6, CardActions::remove),
            new Action(3, CardActions::isRenewed),
            new Action(3, CardActions::isChosenAtStripe),
            new Action(4, CardActions::isRemovedAtStripe));

    private static final String METHODS = "/v1/me/payment-methods";

    private CardActions() {
    }

    /** Often the same card again. */
    private static Deed save(Dice dice) {
        int mentee = dice.mentee();
        String ui = dice.oneOf("elements", "checkout");
        String card = dice.oneOf("pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_authenticationRequired",
                "pm_card_visa_chargeDeclined");
        boolean authenticates = dice.chance(0.8);
        boolean comesBack = dice.chance(0.5);
        return new Deed("mentee %d saves %s by %s".formatted(mentee, card, ui), stage -> {
            Reply begun = stage.mentee(mentee).post(METHODS + "/setup", Map.of("ui", ui));
            if (!begun.ok()) {
                return begun.brief();
            }
            String said = begun.brief() + ", " + enter(stage, begun, card, authenticates);
            return comesBack
                    ? said + ", " + stage.mentee(mentee).get(METHODS + "/setup/" + begun.text("setupId")).brief()
                    : said;
        });
    }

    private static String enter(Stage stage, Reply begun, String card, boolean authenticates) {
        String page = begun.text("checkoutUrl").replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");
        Reply entered = page.isEmpty()
                ? stage.stripe("/v1/setup_intents/" + intent(begun) + "/confirm", "payment_method=" + card)
                : stage.control("/sandbox/checkout/sessions/" + page + "/pay", Map.of("paymentMethod", card));
        String intent = page.isEmpty() ? intent(begun) : entered.text("setup_intent");
        return entered.brief() + (intent.isEmpty() ? ""
                : ", " + stage.control("/sandbox/setup_intents/" + intent + "/authenticate", Map.of("success", authenticates))
                        .brief());
    }

    private static String intent(Reply begun) {
        return begun.text("clientSecret").replaceAll("_secret_.*", "");
    }

    private static Deed abandon(Dice dice) {
        int mentee = dice.mentee();
        String ui = dice.oneOf("elements", "checkout");
        return new Deed("mentee %d begins to save a card by %s and leaves".formatted(mentee, ui),
                stage -> stage.mentee(mentee).post(METHODS + "/setup", Map.of("ui", ui)).brief());
    }

    private static Deed choose(Dice dice) {
        int mentee = dice.mentee();
        int which = dice.below(4);
        return new Deed("mentee %d makes card %d the default".formatted(mentee, which), stage -> {
            String id = listed(stage, mentee, which);
            return id.isEmpty() ? "there is none" : stage.mentee(mentee).put(METHODS + "/" + id + "/default", Map.of()).brief();
        });
    }

    private static Deed remove(Dice dice) {
        int mentee = dice.mentee();
        int which = dice.below(4);
        return new Deed("mentee %d removes card %d".formatted(mentee, which), stage -> {
            String id = listed(stage, mentee, which);
            return id.isEmpty() ? "there is none" : stage.mentee(mentee).delete(METHODS + "/" + id).brief();
        });
    }

    private static Deed isRenewed(Dice dice) {
        int mentee = dice.mentee();
        int which = dice.below(4);
        int year = dice.between(2035, 2045);
        return new Deed("the bank renews card %d of mentee %d until %d".formatted(which, mentee, year), stage -> {
            String card = atStripe(stage, mentee, which);
            return card.isEmpty() ? "there is none"
                    : stage.stripe("/v1/payment_methods/" + card, "card[exp_year]=" + year).brief();
        });
    }

    private static Deed isChosenAtStripe(Dice dice) {
        int mentee = dice.mentee();
        int which = dice.below(4);
        return new Deed("somebody makes card %d of mentee %d the default at Stripe".formatted(which, mentee), stage -> {
            String card = atStripe(stage, mentee, which);
            return card.isEmpty() ? "there is none"
                    : stage.stripe("/v1/customers/" + PeopleActions.customerOf(stage, mentee),
                            "invoice_settings[default_payment_method]=" + card).brief();
        });
    }

    private static Deed isRemovedAtStripe(Dice dice) {
        int mentee = dice.mentee();
        int which = dice.below(4);
        return new Deed("somebody removes card %d of mentee %d at Stripe".formatted(which, mentee), stage -> {
            String card = atStripe(stage, mentee, which);
            return card.isEmpty() ? "there is none" : stage.stripe("/v1/payment_methods/" + card + "/detach", "").brief();
        });
    }

    private static String listed(Stage stage, int mentee, int which) {
        JsonNode cards = stage.mentee(mentee).get(METHODS).body();
        return cards.isEmpty() ? "" : cards.get(which % cards.size()).path("id").asText();
    }

    private static String atStripe(Stage stage, int mentee, int which) {
        String customer = PeopleActions.customerOf(stage, mentee);
        JsonNode cards = customer.isEmpty() ? MissingNode.getInstance()
                : stage.list("/v1/customers/" + customer + "/payment_methods?limit=100");
        return cards.isEmpty() ? "" : cards.get(which % cards.size()).path("id").asText();
    }
}
