package io.coachpay.session;

import io.coachpay.http.Refused;

/** Refusals of a booking, and of later steps of its session. */
abstract class SessionRefused extends Refused {

    private SessionRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Another session has the slot. */
    static final class SlotTaken extends SessionRefused {
        SlotTaken() {
            super("slot-taken", 409, "Slot taken", "The coach has another session at that time");
        }
    }

    /** The mentee holds as many slots as one may without paying. */
    static final class TooManyHolds extends SessionRefused {
        TooManyHolds(int most) {
            super("too-many-holds", 409, "Too many unpaid bookings",
                    "You have " + most + " bookings that are not paid; pay or cancel one of them first");
            with("most", most);
        }
    }

    /** Mentees who have not paid hold as many slots of the coach as may be held. */
    static final class CoachHeld extends SessionRefused {
        CoachHeld() {
            super("coach-held", 409, "Too many unpaid bookings of this coach",
                    "Too many of this coach's times are held by bookings that are not paid; ask again in some minutes");
        }
    }

    /** The start is over. */
    static final class InThePast extends SessionRefused {
        InThePast() {
            super("start-in-the-past", 422, "Start in the past", "A session must start in the future");
        }
    }

    /** The start is further ahead than can be booked. */
    static final class TooFarAhead extends SessionRefused {
        TooFarAhead(long days) {
            super("start-too-far-ahead", 422, "Start too far ahead", "A session can be booked " + days + " days ahead at most");
        }
    }

    /** The session would be too short or too long. */
    static final class DurationRefused extends SessionRefused {
        DurationRefused(int shortest, int longest) {
            super("duration-not-offered", 422, "Duration not offered",
                    "A session takes " + shortest + " to " + longest + " minutes");
        }
    }

    /** Coach and mentee are the same person. */
    static final class WithOneself extends SessionRefused {
        WithOneself() {
            super("own-session", 422, "Own session", "Nobody can book a session with themselves");
        }
    }

    /** The hold ended before it was paid. */
    static final class Expired extends SessionRefused {
        Expired() {
            super("session-expired", 409, "Session expired", "The time to pay for this session is over; book it again");
        }
    }

    /** The session is in a state without a payment to make. */
    static final class NotPayable extends SessionRefused {
        NotPayable(SessionStatus status) {
            super("session-not-payable", 409, "Session not payable", "The session is " + status.column());
        }
    }

    /** The session is completed, missed, cancelled or expired. */
    static final class NotCancellable extends SessionRefused {
        NotCancellable(SessionStatus status) {
            super("session-not-cancellable", 409, "Session not cancellable", "The session is " + status.column());
        }
    }

    /** The session has begun, and only its coach can cancel it. */
    static final class Begun extends SessionRefused {
        Begun() {
            super("session-begun", 409, "Session begun", "After its start only the coach can cancel a session");
        }
    }

    /** The session has begun, and was not paid before. */
    static final class BegunUnpaid extends SessionRefused {
        BegunUnpaid() {
            super("session-begun", 409, "Session begun", "A session cannot be paid once it has begun; book another time");
        }
    }

    /** The payer's bank has taken the money, and the dispute is not decided. */
    static final class Disputed extends SessionRefused {
        Disputed() {
            super("payment-disputed", 409, "Payment disputed",
                    "The payer's bank has taken the money back; until the dispute is decided the session stays as it is");
        }
    }

    /** The session has not begun, so its coach cannot report on it yet. */
    static final class NotBegun extends SessionRefused {
        NotBegun() {
            super("session-not-begun", 409, "Session not begun", "Before its start a session can only be cancelled");
        }
    }

    /** Only a confirmed session can take place. */
    static final class NotConfirmed extends SessionRefused {
        NotConfirmed(SessionStatus status) {
            super("session-not-confirmed", 409, "Session not confirmed", "The session is " + status.column());
        }
    }
}
