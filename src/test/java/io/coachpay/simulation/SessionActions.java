package io.coachpay.simulation;

import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;
import io.coachpay.simulation.Dice.Booking;

/** Ends of sessions. */
final class SessionActions {

    static final List<Action> ALL = List.of(
            new Action(6, SessionActions::cancel),
            new Action(2, dice -> said(dice, "complete")),
            new Action(1, dice -> said(dice, "no-show")),
            new Action(4, SessionActions::took));

    private static final String TOOK_PLACE = """
            update sessions s set starts_at = starts_at - interval '400 days', ends_at = ends_at - interval '400 days'
             where id::text = ? and status = 'confirmed' and ends_at > ?::timestamptz
               and not exists (select from sessions o where o.coach_id = s.coach_id and o.live and tstzrange(o.starts_at, o.ends_at)
                                  && tstzrange(s.starts_at - interval '400 days', s.ends_at - interval '400 days'))""";

    private SessionActions() {
    }

    private static Deed cancel(Dice dice) {
        Booking booking = dice.booking();
        String who = dice.oneOf("mentee", "mentee", "coach", "administrator");
        return new Deed("the %s cancels booking %d".formatted(who, booking.number()), stage -> {
            Player player = switch (who) {
                case "mentee" -> stage.mentee(booking);
                case "coach" -> stage.coach(booking.coach());
                default -> stage.admin();
            };
            return player.post("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/cancel", Map.of()).brief();
        });
    }

    /** Stories last days and sessions lie months ahead: a paid session is moved into the past, so that it is released. */
    private static Deed took(Dice dice) {
        Booking booking = dice.paid();
        return new Deed("booking %d took place".formatted(booking.number()), stage -> tookPlace(stage, booking));
    }

    static String tookPlace(Stage stage, Booking booking) {
        return OwnerSql.run(TOOK_PLACE, stage.sessionOr(booking, booking.number()), stage.now().toString()) == 1 ? "long ago"
                : "not so";
    }

    /** Mostly too early, so that time has to pass first. */
    private static Deed said(Dice dice, String what) {
        Booking booking = dice.paid();
        return new Deed("the coach says %s of booking %d".formatted(what, booking.number()),
                stage -> says(stage, booking, what));
    }

    static String says(Stage stage, Booking booking, String what) {
        return stage.coach(booking.coach())
                .post("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/" + what, Map.of()).brief();
    }
}
