package io.coachpay.simulation;

import java.util.List;
import java.util.Map;

import io.coachpay.simulation.Dice.Booking;

/** Acts of mentees around paying. */
final class BookingActions {

    static final List<Action> ALL = List.of(
            new Action(6, BookingActions::book),
            new Action(3, BookingActions::look),
            new Action(1, BookingActions::changeName));

    private BookingActions() {
    }

    private static Deed book(Dice dice) {
        return book(dice, dice.newBooking());
    }

    static Deed book(Dice dice, Booking booking) {
        boolean insists = dice.chance(0.3);
        return new Deed("mentee %d wants booking %d of coach %d, %d minutes, %s from the start%s".formatted(booking.mentee(),
                booking.number(), booking.coach(), booking.minutes(), booking.startsAfter(), insists ? ", insisting" : ""),
                stage -> {
                    Map<String, ?> form = Map.of("coachId", stage.coach(booking.coach()).id(), "startsAt",
                            stage.startOf(booking).toString(), "durationMinutes", booking.minutes());
                    Player mentee = stage.mentee(booking);
                    Reply reply = insists ? mentee.insist("/v1/sessions", form, "booking-" + booking.number())
                            : mentee.post("/v1/sessions", form);
                    if (reply.ok()) {
                        stage.booked(booking, reply.text("id"));
                    }
                    return reply.brief();
                });
    }

    private static Deed look(Dice dice) {
        Booking booking = dice.booking();
        return new Deed("mentee and coach of booking %d look at everything".formatted(booking.number()), stage -> {
            Player mentee = stage.mentee(booking);
            Player coach = stage.coach(booking.coach());
            String paid = mentee.get("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/payment").brief();
            for (String path : List.of("/v1/sessions", "/v1/transactions", "/v1/me/payment-methods")) {
                mentee.get(path);
            }
            for (String path : List.of("/v1/sessions?as=coach", "/v1/transactions", "/v1/me/balance",
                    "/v1/me/connected-account", "/v1/me/coach-profile")) {
                coach.get(path);
            }
            return paid;
        });
    }

    private static Deed changeName(Dice dice) {
        int mentee = dice.mentee();
        String name = "Mentee " + dice.below(1_000);
        return new Deed("mentee %d is called %s from now on".formatted(mentee, name),
                stage -> stage.mentee(mentee).patch("/v1/me", Map.of("name", name)).brief());
    }
}
