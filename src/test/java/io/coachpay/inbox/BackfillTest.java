package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.ServiceTest;
import io.coachpay.job.Jobs;

@ServiceTest
class BackfillTest {

    /** An account of this test's alone, so that the service's own listings do not come in between. */
    private final EventMarks.Account account = new EventMarks.Account(
            "acct_" + UUID.randomUUID().toString().replace("-", ""), Instant.parse("2026-01-02T03:04:05Z"));

    @Inject
    EventHandlers handlers;
    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource service;
    @Inject
    Arrivals arrivals;
    @Inject
    InboxSettings settings;
    @Inject
    Clock clock;
    @Inject
    StoredEvents stored;
    @Inject
    Jobs jobs;

    /** Lists prepared pages, and remembers what it was asked. */
    private static class Pages implements EventSource {

        record Question(@Nullable String account, Instant since, @Nullable String after) {
        }

        private final List<List<Delivery>> pages;
        private final List<Question> questions = new ArrayList<>();
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
            questions.add(new Question(account, since, after));
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
        assertThat(none.questions).containsExactly(
                new Pages.Question(account.name(), Instant.parse("2026-01-02T02:04:05Z"), null));
        EventMarks.Mark before = marks().find(account);
        assertThat(before).isNotNull();

        pages.failAt(1, new IllegalStateException("Stripe is away"));
        backfill(pages).run();

        EventMarks.Mark stopped = marks().find(account);
        assertThat(stopped).isNotNull();
        assertThat(stopped.listedUntil()).isEqualTo(before.listedUntil());
        assertThat(stopped.resumeAfter()).isEqualTo("1");
        assertThat(stopped.failure()).isEqualTo("IllegalStateException: Stripe is away");

        pages.recover();
        backfill(pages).run();

        EventMarks.Mark ended = marks().find(account);
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
    void keepsTheMarkWhenTwoListAtOnce() {
        Backfill other = backfill(new Pages(List.of()));
        Pages pages = new Pages(List.of()) {
            @Override
            public Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
                other.run();
                return super.list(account, types, since, after);
            }
        };

        backfill(pages).run();

        EventMarks.Mark mark = marks().find(account);
        assertThat(mark).isNotNull();
        assertThat(mark.listedUntil()).isNotNull();
    }

    @Test
    void emptiesPayloadsOnlyLongAfterTheirEventsWereFinished() {
        Delivery old = Delivery.of(Notes.CREATED);
        Delivery young = Delivery.of(Notes.CREATED);
        Delivery failing = Delivery.of(Notes.CHILD, ",\"parent\":\"nobody\",\"metadata\":{\"coachpay_id\":\"1\"}");
        for (Delivery event : List.of(old, young, failing)) {
            event.post();
        }
        stored.awaitStatus(old.eventId(), "processed");
        stored.awaitStatus(young.eventId(), "processed");
        stored.awaitStatus(failing.eventId(), "failed");
        stored.age(old.eventId(), Duration.ofDays(91));
        stored.age(young.eventId(), Duration.ofDays(89));
        stored.age(failing.eventId(), Duration.ofDays(91));

        jobs.runNow(Retention.NAME);

        assertThat(stored.get(old.eventId()).payload()).isNull();
        assertThat(stored.get(young.eventId()).payload()).isNotNull();
        assertThat(stored.get(failing.eventId()).payload()).isNotNull();
    }

    private Backfill backfill(EventSource source) {
        return new Backfill(source, handlers, marks(), arrivals, settings, clock);
    }

    private EventMarks marks() {
        return new EventMarks(service) {
            @Override
            List<Account> accounts() {
                return List.of(account);
            }
        };
    }
}
