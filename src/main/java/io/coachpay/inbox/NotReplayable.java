package io.coachpay.inbox;

import io.coachpay.http.Refused;

/** An event that cannot be replayed. */
final class NotReplayable extends Refused {

    NotReplayable(EventStatus status) {
        super("event-not-replayable", 409, "Event cannot be replayed", switch (status) {
            case PROCESSED -> "The event has been processed";
            case RECEIVED -> "The event waits for its turn already";
            case FAILED, DEAD, IGNORED -> "The event's payload has been emptied";
        });
        with("eventStatus", status.code());
    }
}
