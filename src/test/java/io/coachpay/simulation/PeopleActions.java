package io.coachpay.simulation;

import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;

/** Changes that people make to themselves, and that are made to them in Stripe's dashboard. */
final class PeopleActions {

    static final List<Action> ALL = List.of(
            new Action(2, PeopleActions::moves),
            new Action(1, PeopleActions::isDeletedAtStripe));

    private PeopleActions() {
    }

    /** Often to an address that looks valid, and that Stripe refuses. */
    private static Deed moves(Dice dice) {
        int mentee = dice.mentee();
        String domain = dice.oneOf("@gmail", "@test", "@example.com", "@example.org");
        return new Deed("mentee %d moves to an address %s".formatted(mentee, domain), stage -> stage.mentee(mentee)
                .patch("/v1/me", Map.of("email", "m-" + stage.mentee(mentee).id() + domain)).brief());
    }

    private static Deed isDeletedAtStripe(Dice dice) {
        int mentee = dice.mentee();
        return new Deed("somebody deletes the customer of mentee %d at Stripe".formatted(mentee), stage -> {
            String customer = customerOf(stage, mentee);
            return customer.isEmpty() ? "there is none" : stage.deletedAtStripe("/v1/customers/" + customer).brief();
        });
    }

    static String customerOf(Stage stage, int mentee) {
        return customerOf(stage.mentee(mentee));
    }

    static String customerOf(Player player) {
        return OwnerSql.rows("select stripe_customer_id as id from stripe_customers where user_id = ?::uuid", player.id())
                .stream().map(row -> row.get("id")).filter(id -> id != null).map(Object::toString)
                .findFirst().orElse("");
    }

    /**
     * In the end everybody can still book and begin to pay, whatever Stripe has refused or lost on the way; nobody does pay.
     *
     * @param stage without faults
     */
    static void everybodyCanPay(Stage stage) {
        for (int coach = 0; coach < stage.howManyCoaches(); coach++) {
            for (int mentee = 0; mentee < stage.howManyMentees(); mentee++) {
                String session = stage.mentee(mentee).post("/v1/sessions", Map.of("coachId", stage.coach(coach).id(),
                        "startsAt", stage.timeNobodyWants().toString(), "durationMinutes", 60)).text("id");
                if (!session.isEmpty()) {
                    stage.mentee(mentee).mustNotBeRefused("/v1/sessions/" + session + "/payment",
                            Map.of("method", "payment_intent"));
                }
            }
        }
    }
}
