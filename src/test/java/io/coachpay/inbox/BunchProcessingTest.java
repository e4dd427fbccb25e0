package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.inbox.HandOver.Waiting;
import io.coachpay.inbox.SeriesProcessing.Member;
import io.coachpay.job.Background;
import io.opentelemetry.api.trace.Tracer;

/** Bunches and series of events: nobody suffers for another, and what fails is as if it had not been tried. */
@ServiceTest
class BunchProcessingTest {

    private static final int EVENTS = 64;

    @Inject
    EventClaims claims;
    @Inject
    Access access;
    @Inject
    InboxMetrics metrics;
    @Inject
    InboxSettings settings;
    @Inject
    StoredEvents stored;
    @Inject
    Notes.First notes;
    @Inject
    Clock clock;
    @Inject
    Tracer tracer;
    @Inject
    EntityManager entities;
    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource service;

    @Inject
    DataSource database;

    private final NoteSubjects subjects = new NoteSubjects();
    private HandOver handOver;

    /** Each note is about a payment of its own; those that are named here are not known. */
    private static final class NoteSubjects implements Subjects {

        private final Set<UUID> unknown = new HashSet<>();
        private final List<Integer> sizes = new ArrayList<>();
        private Runnable writing = () -> {
        };

        @Override
        public Set<Subject> ordinary(Collection<Subject> some) {
            return some.stream().filter(subject -> !unknown.contains(subject.payment())).collect(Collectors.toSet());
        }

        @Override
        public void lock(Collection<Subject> some) {
            sizes.add(some.size());
        }

        @Override
        public void write() {
            writing.run();
        }
    }

    /** Applies notes as their handler does, and lets them be applied together. */
    private final class Together implements EventHandler {

        @Override
        public Set<String> types() {
            return notes.types();
        }

        @Override
        public Set<Endpoint> endpoints() {
            return notes.endpoints();
        }

        @Override
        public Optional<Subject> subject(Event event) {
            return Optional.of(new Subject(event.id(), null, event.object().has("late")));
        }

        @Override
        public Optional<String> series(Event event) {
            return Optional.ofNullable(event.object().path("of").textValue());
        }

        @Override
        public void apply(Event event, Fetched fetched) {
            notes.apply(event, fetched);
        }
    }

    @BeforeEach
    void empty() {
        handOver = new HandOver(settings);
    }

    @Test
    void appliesManyInOneDatabaseTransaction() throws Exception {
        List<Claimed> all = accepted(EVENTS, "");

        assertThat(apply(all)).hasSameElementsAs(ids(all));

        assertThat(subjects.sizes).containsExactly(EVENTS);
        all.forEach(this::isProcessed);
    }

    @Test
    void appliesTheOthersBesideOneThatFails() throws Exception {
        List<Claimed> all = accepted(EVENTS, "");
        Claimed poisoned = all.get(20);
        fail(poisoned, new IllegalStateException("poison"));

        Set<UUID> over = apply(all);

        assertThat(over).hasSize(EVENTS - 1).doesNotContain(poisoned.id());
        assertThat(subjects.sizes).as("once more, in two halves").containsExactly(EVENTS, 31, 32);
        all.stream().filter(one -> one != poisoned).forEach(this::isProcessed);
        isUntried(poisoned);
    }

    @Test
    void leavesEachAloneThatFails() throws Exception {
        List<Claimed> all = accepted(EVENTS, "");
        all.forEach(one -> fail(one, new IllegalStateException("poison")));

        assertThat(apply(all)).isEmpty();

        assertThat(subjects.sizes).hasSizeLessThan(EVENTS);
        all.forEach(this::isUntried);
    }

    @Test
    void leavesAllAloneWhoseRowsAreRefused() throws Exception {
        List<Claimed> all = accepted(4, "");
        subjects.writing = () -> {
            throw new IllegalStateException(new SQLException("violates check constraint", "23514"));
        };

        assertThat(apply(all)).isEmpty();

        assertThat(subjects.sizes).containsExactly(4);
        all.forEach(this::isUntried);
    }

    @Test
    void takesNoneWhosePaymentIsNotKnown() throws Exception {
        List<Claimed> all = accepted(5, "");
        subjects.unknown.add(all.get(3).id());

        assertThat(apply(all)).hasSize(4).doesNotContain(all.get(3).id());

        assertThat(subjects.sizes).containsExactly(4);
        isUntried(all.get(3));
    }

    /** The lease ran out, and another worker has the event. */
    @Test
    void appliesNothingUnderAVoidClaim() throws Exception {
        List<Claimed> all = accepted(5, "");
        Claimed others = all.get(1);
        stored.leaseForLong(others.eventId(), 2);

        assertThat(apply(all)).as("nothing is left to do for either").hasSize(5);

        assertThat(stored.wrote(object(others))).isFalse();
        assertThat(stored.get(others.eventId()).status()).isEqualTo("received");
    }

    @Test
    void takesNoneAfterAFailureOrItsLease() throws Exception {
        List<Claimed> all = accepted(4, "");
        Instant now = clock.instant();

        assertThat(apply(all.stream().map(one -> copy(one, 2, now.plusSeconds(60))).toList())).isEmpty();
        assertThat(apply(all.stream().map(one -> copy(one, 1, now)).toList())).isEmpty();

        assertThat(subjects.sizes).isEmpty();
    }

    @Test
    void takesLateOnesAfterTheOthersAreCommitted() throws Exception {
        List<Claimed> all = new ArrayList<>(accepted(3, ",\"late\":true"));
        all.addAll(accepted(2, ""));

        assertThat(apply(all)).hasSize(5);

        assertThat(subjects.sizes).containsExactly(2, 3);
    }

    /** Behind a row that another database transaction holds for long, the others would wait for as long. */
    @Test
    void waitsForNoLockThatIsHeldForLong() throws Exception {
        List<Claimed> all = accepted(3, "");
        try (Connection holder = service.getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("select pg_advisory_xact_lock(4711)");
            Notes.whileApplying(object(all.get(1)), this::lock);
            handOver = new HandOver(Duration.ofMillis(200), 1);

            assertThat(apply(all)).as("once more, in two halves of one event each").isEmpty();
            holder.rollback();
        }

        assertThat(subjects.sizes).containsExactly(3);
        all.forEach(this::isUntried);
    }

    private void lock() {
        new Rows(database).query("select pg_advisory_xact_lock(4711)::text", row -> 1);
    }

    @Test
    void leavesASingleEventAlone() throws Exception {
        List<Claimed> one = accepted(1, "");

        assertThat(apply(one)).isEmpty();

        isUntried(one.get(0));
    }

    @Test
    void takesIntoASeriesWhatNamesAnObjectAndHasNotFailed() throws Exception {
        Claimed named = accepted(1, ",\"of\":\"in_1\"").get(0);

        assertThat(series().member(named)).get().extracting(Member::object, Member::claimed).containsExactly("in_1", named);
        assertThat(series().member(accepted(1, "").get(0))).isEmpty();
        assertThat(series().member(copy(named, 2, clock.instant().plusSeconds(60)))).isEmpty();
    }

    @Test
    void appliesASeriesInOneDatabaseTransaction() throws Exception {
        List<Claimed> all = accepted(3, ",\"of\":\"in_1\"");

        assertThat(applyInSeries(all)).hasSameElementsAs(ids(all));

        all.forEach(this::isProcessed);
        assertThat(OwnerSql.rows("select distinct xmin::text as transaction from stripe_events where id = any (?::uuid[])",
                ids(all).toString().replace('[', '{').replace(']', '}'))).hasSize(1);
    }

    @Test
    void appliesNothingOfASeriesInWhichOneFails() throws Exception {
        List<Claimed> all = accepted(3, ",\"of\":\"in_1\"");
        fail(all.get(1), new Undecided("in_1"));

        assertThat(applyInSeries(all)).isEmpty();

        all.forEach(this::isUntried);
    }

    @Test
    void appliesNothingOfASeriesUnderAVoidClaim() throws Exception {
        List<Claimed> all = accepted(3, ",\"of\":\"in_1\"");
        Claimed others = all.get(1);
        stored.leaseForLong(others.eventId(), 2);

        assertThat(applyInSeries(all)).as("nothing is left to do for either").hasSize(3);

        assertThat(stored.wrote(object(others))).isFalse();
        isProcessed(all.get(0));
        isProcessed(all.get(2));
    }

    @Test
    void beginsNoSeriesAfterALease() throws Exception {
        List<Claimed> all = accepted(2, ",\"of\":\"in_1\"");

        assertThat(applyInSeries(List.of(all.get(0), copy(all.get(1), 1, clock.instant())))).isEmpty();

        all.forEach(this::isUntried);
    }

    @Test
    void storesAsDueWhatFindsNoRoom() throws Exception {
        int room = settings.eventsHandedOver();
        List<Claimed> handed = accepted(room, "");
        Delivery delivery = Delivery.of(Notes.CREATED);

        arrivals().store(List.of(arrival(delivery)));

        assertThat(handed).hasSize(room);
        assertThat(handOver.take(1, Duration.ZERO)).isEmpty();
        assertThat(stored.awaitStatus(delivery.eventId(), "processed").attempts()).isOne();
    }

    // ---- what is there

    private Set<UUID> apply(List<Claimed> some) {
        Set<UUID> over = new HashSet<>();
        Background
                .run(() -> over.addAll(
                        new BunchProcessing(new EventHandlers(List.of(new Together())), claims, subjects, handOver, access,
                                metrics, clock, tracer).apply(some)));
        return over;
    }

    private SeriesProcessing series() {
        return new SeriesProcessing(new EventHandlers(List.of(new Together())), claims, access, entities, metrics, clock,
                tracer);
    }

    private Set<UUID> applyInSeries(List<Claimed> some) {
        Set<UUID> over = new HashSet<>();
        Background.run(
                () -> over.addAll(series().apply(some.stream().flatMap(one -> series().member(one).stream()).toList())));
        return over;
    }

    private Arrivals arrivals() {
        return new Arrivals(service, metrics, new InboxSignal(), handOver);
    }

    /** Stores events as claimed, and returns what is handed over. */
    private List<Claimed> accepted(int count, String more) throws SQLException, InterruptedException {
        arrivals().store(IntStream.range(0, count).mapToObj(i -> arrival(Delivery.of(Notes.CREATED, more))).toList());
        return handOver.take(count, Duration.ZERO).stream().map(Waiting::claimed).toList();
    }

    private Arrival arrival(Delivery delivery) {
        return new Arrival(Ids.next(), Endpoint.PLATFORM, EnvelopeReader.read(delivery.body()), delivery.body(),
                clock.instant(), true);
    }

    private static Set<UUID> ids(List<Claimed> some) {
        return some.stream().map(Claimed::id).collect(Collectors.toSet());
    }

    private static String object(Claimed claimed) {
        return claimed.event().objectId();
    }

    private static void fail(Claimed claimed, RuntimeException with) {
        Notes.whileApplying(object(claimed), () -> {
            throw with;
        });
    }

    private static Claimed copy(Claimed of, int attempt, Instant until) {
        return new Claimed(of.id(), of.eventId(), of.account(), of.endpoint(), of.type(), of.apiVersion(), of.created(),
                of.livemode(), of.payload(), of.receivedAt(), attempt, of.lane(), until);
    }

    private void isProcessed(Claimed claimed) {
        assertThat(stored.get(claimed.eventId()).status()).isEqualTo("processed");
        assertThat(stored.wrote(object(claimed))).isTrue();
    }

    /** Nothing of it is written, and its claim is as it was. */
    private void isUntried(Claimed claimed) {
        assertThat(stored.get(claimed.eventId()).status()).isEqualTo("received");
        assertThat(stored.get(claimed.eventId()).attempts()).isOne();
        assertThat(stored.wrote(object(claimed))).isFalse();
    }
}
