package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.ServiceTest;
import io.coachpay.access.Rows;
import io.coachpay.job.AccountSource;
import io.coachpay.job.Cursor;

@ServiceTest
@SuppressWarnings("UnnecessaryAssignment") // a test goes on at another time, or with other handlers than the service
class EventBackfillJobTest {

    /** An account of this test's alone, so that the service's own listings do not interfere. */
    private EventCursors.Account account = new EventCursors.Account(
            "acct_" + UUID.randomUUID().toString().replace("-", ""), Instant.parse("2026-01-02T03:04:05Z"), 0);

    @Inject
    EventHandlers handlers;
    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource service;
    @Inject
    AccountSource accounts;
    @Inject
    Arrivals arrivals;
    @Inject
    InboxSettings settings;
    @Inject
    Clock clock;
    @Inject
    StoredEvents stored;

    /** Lists prepared pages, and remembers what it was asked. */
    private static class Pages implements EventSource {

        record Question(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
        }

        private final List<List<Delivery>> pages;
        private final List<Question> questions = new CopyOnWriteArrayList<>();
        private @Nullable RuntimeException failure;
        private int failingPage = -1;

        @SafeVarargs
        Pages(List<Delivery>... pages) {
            this.pages = List.of(pages);
        }

        void failAt(int page, RuntimeException why) {
            failingPage = page;
            failure = why;
        }

        void recover() {
            failingPage = -1;
        }

        @Override
        public Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
            questions.add(new Question(account, types, since, after));
            int page = after == null ? 0 : Integer.parseInt(after);
            if (page == failingPage && failure != null) {
                throw failure;
            }
            return new Page(pages.get(page).stream().map(Pages::json).toList(),
                    page + 1 < pages.size() ? Integer.toString(page + 1) : null);
        }

        private static JsonNode json(Delivery event) {
            try {
                return new ObjectMapper().readTree(event.body());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void storesWhatWasNeverDelivered() {
        Delivery delivered = Delivery.of(Notes.CREATED, "", account.name());
        Delivery missed = Delivery.of(Notes.CREATED);
        Delivery unwanted = Delivery.of("test.nobody.cares");
        delivered.post(Delivery.CONNECT, Signed.header(Signed.CONNECT_SECRET, delivered.body(), Instant.now()));

        backfill(new Pages(List.of(unwanted, delivered), List.of(missed))).run();

        assertThat(stored.awaitStatus(missed.eventId(), "processed").account()).isEqualTo(account.name());
        assertThat(stored.all(delivered.eventId())).hasSize(1);
        assertThat(stored.all(unwanted.eventId())).isEmpty();
    }

    @Test
    void movesTheMarkWhenAListingHasEndedAndNotBefore() {
        Pages pages = new Pages(List.of(Delivery.of(Notes.CREATED)), List.of(Delivery.of(Notes.CREATED)), List.of());
        Pages none = new Pages(List.of());
        backfill(none).run();
        assertThat(none.questions).containsExactly(new Pages.Question(account.name(), handlers.types(Endpoint.CONNECT),
                Instant.parse("2026-01-02T02:04:05Z"), null));
        Cursor before = marks().find(account);
        assertThat(before).isNotNull();

        pages.failAt(1, new IllegalStateException("Stripe is away"));
        backfill(pages).run();

        Cursor stopped = marks().find(account);
        assertThat(stopped).isNotNull();
        assertThat(stopped.listedUntil()).isEqualTo(before.listedUntil());
        assertThat(stopped.resumeAfter()).isEqualTo("1");
        assertThat(stopped.failure()).isEqualTo("IllegalStateException: Stripe is away");

        pages.recover();
        backfill(pages).run();

        Cursor ended = marks().find(account);
        assertThat(ended).isNotNull();
        assertThat(ended.listedUntil()).isEqualTo(stopped.listingFrom());
        assertThat(ended.resumeAfter()).isNull();
        assertThat(ended.failure()).isNull();
        Instant since = before.listedUntil().minus(Duration.ofHours(1));
        assertThat(pages.questions).extracting(Pages.Question::since).containsOnly(since);
        assertThat(pages.questions).extracting(Pages.Question::account).containsOnly(account.name());
        assertThat(pages.questions).extracting(Pages.Question::after).containsExactly(null, "1", "1", "2");
    }

    @Test
    void endsHoweverManyEventsThereAre() {
        Delivery last = Delivery.of(Notes.CREATED);
        Pages pages = new Pages(List.of(last)) {
            @Override
            public Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
                int page = after == null ? 0 : Integer.parseInt(after);
                return page == 150 ? super.list(account, types, since, null) : new Page(List.of(), Integer.toString(page + 1));
            }
        };

        backfill(pages).run();

        stored.awaitStatus(last.eventId(), "processed");
        assertThat(marks().find(account)).extracting(Cursor::listingFrom).isNull();
    }

    @Test
    void listsAsManyTypesAtOnceAsStripeFiltersByAndGoesOnHoweverLongItWasCutOff() {
        Set<String> types = IntStream.range(0, 45).mapToObj(i -> "test.many." + (10 + i)).collect(Collectors.toSet());
        handlers = new EventHandlers(List.of(new Nothing(types)));
        Pages pages = new Pages(List.of(), List.of());
        backfill(new Pages(List.of())).run();
        pages.failAt(1, new IllegalStateException("Stripe is away"));
        Pages first = new Pages(List.of()) {
            @Override
            public Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
                return types.contains("test.many.10") ? super.list(account, types, since, after)
                        : pages.list(account, types, since, after);
            }
        };

        backfill(first).run();
        clock = Clock.offset(clock, Duration.ofDays(3));
        pages.recover();
        backfill(first).run();

        assertThat(first.questions).as("the first list is not begun again").hasSize(1);
        assertThat(pages.questions).extracting(question -> question.types().size()).containsExactly(20, 20, 20, 5, 5);
        assertThat(pages.questions).extracting(Pages.Question::after).containsExactly(null, "1", "1", null, "1");
        assertThat(Stream.concat(first.questions.stream(), pages.questions.stream())
                .flatMap(question -> question.types().stream()).collect(Collectors.toSet())).isEqualTo(types);
        assertThat(pages.questions).extracting(Pages.Question::since).containsOnly(first.questions.get(0).since());
        assertThat(marks().find(account)).extracting(Cursor::listingFrom, Cursor::failures)
                .containsExactly(null, 0);
    }

    @Test
    void listsAnAccountMoreRarelyTheLongerItRests() {
        Clock now = clock;
        backfill(new Pages(List.of(Delivery.of(Notes.CREATED)))).run();
        assertThat(isNextIn(now)).isEqualTo(Duration.ofHours(1));

        clock = Clock.offset(now, Duration.ofDays(5));
        backfill(new Pages(List.of())).run();
        assertThat(isNextIn(clock)).as("nothing has happened for days").isEqualTo(Duration.ofDays(1));

        clock = Clock.offset(now, Duration.ofDays(40));
        backfill(new Pages(List.of())).run();
        assertThat(isNextIn(clock)).as("nothing has happened for weeks").isEqualTo(Duration.ofDays(7));

        account = new EventCursors.Account(account.name(), account.knownSince(), 1);
        backfill(new Pages(List.of())).run();
        assertThat(isNextIn(clock)).as("the coach's books have moved").isEqualTo(Duration.ofHours(1));
    }

    @Test
    void asksAfterAnAccountThatFailsMoreRarely() {
        Pages pages = new Pages(List.of());
        pages.failAt(0, new IllegalStateException("No."));

        backfill(pages).run();
        assertThat(isNextIn(clock)).isEqualTo(Duration.ofMinutes(1));
        backfill(pages).run();
        assertThat(isNextIn(clock)).isEqualTo(Duration.ofMinutes(2));
        for (int i = 0; i < 12; i++) {
            backfill(pages).run();
        }

        assertThat(isNextIn(clock)).isEqualTo(Duration.ofDays(1));
        pages.recover();
        backfill(pages).run();
        assertThat(marks().find(account)).extracting(Cursor::failures).isEqualTo(0);
    }

    @Test
    void goesOnWithOthersUntilNoneIsDue() {
        List<EventCursors.Account> many = IntStream.range(0, 500).mapToObj(i -> new EventCursors.Account(account.name() + i,
                account.knownSince(), 0)).toList();
        List<List<EventCursors.Account>> turns = new ArrayList<>(List.of(many, List.of(account)));
        EventCursors marks = new EventCursors(service, accounts) {
            @Override
            List<Account> due(Instant now, int most) {
                assertThat(most).isEqualTo(500);
                return turns.remove(0);
            }
        };
        Pages pages = new Pages(List.of());

        new EventBackfillJob(new Listing(pages, handlers, marks, arrivals, settings, clock), handlers, marks, settings, clock)
                .run();

        assertThat(pages.questions).hasSize(501);
        assertThat(turns).isEmpty();
    }

    @Test
    void leavesTheOthersWhenAllFail() {
        Pages pages = new Pages(List.of());
        pages.failAt(0, new IllegalStateException("Stripe is away"));
        List<EventCursors.Account> many = IntStream.range(0, 50).mapToObj(i -> new EventCursors.Account(account.name() + i,
                account.knownSince(), 0)).toList();

        backfill(pages, many).run();

        assertThat(pages.questions).hasSizeBetween(10, 10 + settings.backfillWorkers());
    }

    @Test
    void keepsTheMarkWhenTwoListAtOnce() {
        EventBackfillJob other = backfill(new Pages(List.of()));
        Pages pages = new Pages(List.of()) {
            @Override
            public Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
                other.run();
                return super.list(account, types, since, after);
            }
        };

        backfill(pages).run();

        Cursor mark = marks().find(account);
        assertThat(mark).isNotNull();
        assertThat(mark.listedUntil()).isNotNull();
    }

    /** Takes types, and does nothing about them. */
    private record Nothing(Set<String> types) implements EventHandler {

        @Override
        public Set<Endpoint> endpoints() {
            return Set.of(Endpoint.CONNECT);
        }

        @Override
        public void apply(Event event, Fetched fetched) {
        }
    }

    private EventBackfillJob backfill(EventSource source) {
        return backfill(source, List.of(account));
    }

    private EventBackfillJob backfill(EventSource source, List<EventCursors.Account> due) {
        EventCursors marks = new EventCursors(service, accounts) {
            @Override
            List<Account> due(Instant now, int most) {
                return due;
            }
        };
        return new EventBackfillJob(new Listing(source, handlers, marks, arrivals, settings, clock), handlers, marks, settings,
                clock);
    }

    private EventCursors marks() {
        return new EventCursors(service, accounts);
    }

    /** The time until the account's events are listed again, to the minute. */
    private Duration isNextIn(Clock now) {
        Instant next = new Rows(service).query("select next_at from stripe_cursors where listing = 'events' and account = ?",
                row -> Rows.instant(row, "next_at"), account.name()).get(0);
        return Duration.ofMinutes(Math.round(Duration.between(now.instant(), next).toSeconds() / 60.0));
    }
}
