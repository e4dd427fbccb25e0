package io.coachpay.inbox;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Rows;

/**
 * Handlers of made-up types. In the database they write a row named after the event's object; the object's id tells them what
 * else to do.
 */
final class Notes {

    /** Taken by one handler. */
    static final String CREATED = "test.note.created";
    /** Taken by two handlers. */
    static final String SHARED = "test.note.shared";
    /** Needs the row of {@link #PARENT}. */
    static final String CHILD = "test.note.child";
    static final String PARENT = "test.note.parent";
    /** Needs an object of Stripe's, which Stripe does not know. */
    static final String FETCHING = "test.note.fetching";

    private static final Map<String, Runnable> DURING_APPLY = new ConcurrentHashMap<>();
    private static final Map<String, Runnable> DURING_LOOK = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> APPLIED = new ConcurrentHashMap<>();

    private Notes() {
    }

    static void whileApplying(String objectId, Runnable what) {
        DURING_APPLY.put(objectId, what);
    }

    static void whileLooking(String objectId, Runnable what) {
        DURING_LOOK.put(objectId, what);
    }

    /** Calls of the first handler that ended, whether or not the database transaction was committed. */
    static int applied(String objectId) {
        return APPLIED.getOrDefault(objectId, new AtomicInteger()).get();
    }

    private static void run(Map<String, Runnable> whats, String objectId) {
        whats.getOrDefault(objectId, () -> {
        }).run();
    }

    private static void write(DataSource database, String name) {
        new Rows(database).update("insert into rate_limit_buckets (id) values (?)", name);
    }

    private static boolean exists(DataSource database, String name) {
        return !new Rows(database).query("select 1 from rate_limit_buckets where id = ?", row -> 1, name).isEmpty();
    }

    @ApplicationScoped
    static class First implements EventHandler {

        private final DataSource database;

        First(DataSource database) {
            this.database = database;
        }

        @Override
        public Set<String> types() {
            return Set.of(CREATED, SHARED, CHILD, PARENT, FETCHING);
        }

        @Override
        public Set<Endpoint> endpoints() {
            return Set.of(Endpoint.PLATFORM, Endpoint.CONNECT);
        }

        @Override
        public List<Fetch> needs(Event event) {
            run(DURING_LOOK, event.objectId());
            return event.type().equals(FETCHING) ? List.of(new Fetch("charge", "ch_unknown", null)) : List.of();
        }

        @Override
        public void apply(Event event, Fetched fetched) {
            if (event.type().equals(CHILD) && !exists(database, event.object().path("parent").asText())) {
                throw new MissingParent("parent of " + event.objectId());
            }
            write(database, event.objectId());
            run(DURING_APPLY, event.objectId());
            APPLIED.computeIfAbsent(event.objectId(), id -> new AtomicInteger()).incrementAndGet();
        }
    }

    @ApplicationScoped
    static class Second implements EventHandler {

        private final DataSource database;

        Second(DataSource database) {
            this.database = database;
        }

        @Override
        public Set<String> types() {
            return Set.of(SHARED);
        }

        @Override
        public Set<Endpoint> endpoints() {
            return Set.of(Endpoint.PLATFORM);
        }

        @Override
        public int order() {
            return 1;
        }

        @Override
        public void apply(Event event, Fetched fetched) {
            if (!exists(database, event.objectId())) {
                throw new IllegalStateException("The first handler comes first");
            }
            write(database, event.objectId() + ":second");
            run(DURING_APPLY, event.objectId() + ":second");
        }
    }
}
