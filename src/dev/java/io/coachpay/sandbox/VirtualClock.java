package io.coachpay.sandbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The time of this Stripe: the wall clock plus an offset that only grows. It also keeps future actions, such as a Checkout
 * Session's end, so that advancing by days runs each in its order and at its own moment.
 */
final class VirtualClock {

    private static final Logger LOG = System.getLogger(VirtualClock.class.getName());

    private final Map<String, Consumer<String>> actions = new HashMap<>();
    private final TreeMap<Long, Set<Due>> agenda = new TreeMap<>();
    /** Written by the event loop alone, and read by all threads that follow this clock. */
    private volatile long offsetMillis;

    private record Due(String action, String subject) {
    }

    Instant now() {
        return Instant.now().plusMillis(offsetMillis);
    }

    /** Seconds since 1970, as Stripe writes every time. */
    long seconds() {
        return now().getEpochSecond();
    }

    Duration offset() {
        return Duration.ofMillis(offsetMillis);
    }

    /** This clock for others to follow, from any thread. */
    Clock asClock(ZoneId zone) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return zone;
            }

            @Override
            public Clock withZone(ZoneId other) {
                return asClock(other);
            }

            @Override
            public Instant instant() {
                return now();
            }
        };
    }

    void define(String action, Consumer<String> effect) {
        actions.put(action, effect);
    }

    void schedule(long atSeconds, String action, String subject) {
        agenda.computeIfAbsent(atSeconds, any -> new LinkedHashSet<>()).add(new Due(action, subject));
    }

    /** Lets time pass; actions that fall due on the way run at their moment. */
    void advance(Duration duration) {
        long targetMillis = now().toEpochMilli() + duration.toMillis();
        long targetOffset = offsetMillis + duration.toMillis();
        while (!agenda.isEmpty() && agenda.firstKey() * 1000 <= targetMillis) {
            moveTo(agenda.firstKey() * 1000);
            run(agenda.pollFirstEntry().getValue());
        }
        // exactly the time that was asked for, however long the actions on the way took
        offsetMillis = Math.max(offsetMillis, targetOffset);
    }

    /** Runs the actions that have fallen due by now, as time passes by itself too. Returns whether there was any. */
    boolean tick() {
        boolean any = false;
        while (!agenda.isEmpty() && agenda.firstKey() <= seconds()) {
            run(agenda.pollFirstEntry().getValue());
            any = true;
        }
        return any;
    }

    private void moveTo(long millis) {
        offsetMillis = offsetMillis + Math.max(0, millis - now().toEpochMilli());
    }

    private void run(Set<Due> dues) {
        List<Due> all = new ArrayList<>(dues);
        for (Due due : all) {
            Consumer<String> action = actions.get(due.action);
            if (action == null) {
                throw new IllegalStateException("Nobody defined what " + due.action + " does");
            }
            try {
                action.accept(due.subject);
            } catch (RuntimeException bug) {
                // the other actions of this moment must still run
                LOG.log(Level.ERROR, "The sandbox failed in " + due, bug);
            }
        }
    }

    JsonObject save() {
        JsonArray dues = new JsonArray();
        agenda.forEach(
                (at, all) -> all.forEach(due -> dues.add(Json.object("at", at, "action", due.action, "subject", due.subject))));
        return Json.object("offsetMillis", offsetMillis, "agenda", dues);
    }

    void load(JsonObject saved) {
        offsetMillis = saved.getLong("offsetMillis");
        Json.objects(saved.getJsonArray("agenda"))
                .forEach(due -> schedule(due.getLong("at"), due.getString("action"), due.getString("subject")));
    }
}
