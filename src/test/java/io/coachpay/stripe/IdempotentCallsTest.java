package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.job.Background;

class IdempotentCallsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final UUID ID = UUID.randomUUID();

    private final AtomicLong nanos = new AtomicLong();
    private final IdempotentCalls once = new IdempotentCalls(Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);

    /** A row that counts its attempts, and a Stripe that answers as told, then well. */
    private static final class Row implements IdempotentCalls.Change<String> {

        private final Deque<StripeRefused> answers = new ArrayDeque<>();
        private final List<Integer> called = new ArrayList<>();
        private boolean there;
        private int looks;
        private @Nullable String stripeId;
        private int attempt = 1;
        private Instant soughtFrom = NOW;
        private Runnable takes = () -> {
        };
        private Runnable lookTakes = () -> {
        };

        static Row answered(StripeRefused... answers) {
            Row row = new Row();
            row.answers.addAll(List.of(answers));
            return row;
        }

        StripeBacked<Row> backed() {
            return new StripeBacked<>(this, ID, stripeId, attempt, soughtFrom);
        }

        Creation<Row, String> creation() {
            return new Creation<>("thing", "create", id -> backed(), row -> {
                looks++;
                lookTakes.run();
                return there ? Optional.of("thing_found") : Optional.empty();
            }, (row, key) -> Optional.of(call(Integer.parseInt(key.substring(("thing:" + ID + ":create:").length())))),
                    (row, object, asked) -> stripeId = object, (id, after) -> nextAttempt(after));
        }

        @Override
        public int attempt() {
            return attempt;
        }

        @Override
        public String call(int attempt) {
            called.add(attempt);
            takes.run();
            StripeRefused refused = answers.poll();
            if (refused != null) {
                throw refused;
            }
            return "thing_made";
        }

        @Override
        public void nextAttempt(int after) {
            attempt = attempt == after ? attempt + 1 : attempt;
        }
    }

    @Test
    void findsWhatAnotherFormOfTheCallHasMade() {
        Row row = Row.answered(SomeRefusal.keyReused());
        row.there = true;

        String id = once.ensure(row.creation(), ID).stripeId();

        assertThat(id).isEqualTo("thing_found");
        assertThat(row.called).containsExactly(1);
    }

    @Test
    void makesWhatNoFormOfTheCallHasMade() {
        Row row = Row.answered(SomeRefusal.keyReused());

        String id = once.ensure(row.creation(), ID).stripeId();

        assertThat(id).isEqualTo("thing_made");
        assertThat(row.looks).isEqualTo(1);
        assertThat(row.called).containsExactly(1, 2);
    }

    @Test
    void looksForWhatAnOldKeyHasMade() {
        Row row = Row.answered();
        row.soughtFrom = NOW.minus(Duration.ofHours(21));
        row.there = true;

        IdempotentCalls.Ensured<String> ensured = once.ensure(row.creation(), ID);

        assertThat(ensured).isEqualTo(new IdempotentCalls.Ensured<>("thing_found", "thing_found"));
        assertThat(row.called).isEmpty();
    }

    @Test
    void asksNothingForWhatTheRowKnows() {
        Row row = Row.answered();
        row.stripeId = "thing_known";

        IdempotentCalls.Ensured<String> ensured = once.ensure(row.creation(), ID);

        assertThat(ensured).isEqualTo(new IdempotentCalls.Ensured<>("thing_known", null));
        assertThat(row.called).isEmpty();
    }

    @Test
    void looksAgainWhereSomebodyElseHasCountedOnDuringTheLook() {
        Row row = Row.answered();
        row.attempt = 2;
        row.lookTakes = () -> row.nextAttempt(2);

        once.ensure(row.creation(), ID);

        assertThat(row.looks).isEqualTo(2);
        assertThat(row.called).containsExactly(3);
    }

    @Test
    void makesNothingThatSomebodyElseHasNotedDuringTheLook() {
        Row row = Row.answered();
        row.attempt = 2;
        row.lookTakes = () -> row.stripeId = "thing_noted";

        String id = once.ensure(row.creation(), ID).stripeId();

        assertThat(id).isEqualTo("thing_noted");
        assertThat(row.called).isEmpty();
    }

    @Test
    void startsFromTheRowThatItIsGiven() {
        Row row = Row.answered();
        Creation<Row, String> unread = new Creation<>("thing", "create", id -> {
            throw new AssertionError("It is read though it was given");
        }, row.creation().find(), row.creation().create(), row.creation().note(), row.creation().nextAttempt());

        String id = once.ensure(new IdempotentCalls.Making<>(unread, row.backed())).stripeId();

        assertThat(id).isEqualTo("thing_made");
    }

    @Test
    void tellsTheAttemptThatWasRefused() {
        Row row = Row.answered(SomeRefusal.keyReused(), SomeRefusal.unexpectedState());
        IdempotentCalls.Making<Row, String> making = new IdempotentCalls.Making<>(row.creation(), ID);

        assertThatThrownBy(() -> once.ensure(making)).isInstanceOf(StripeRefused.UnexpectedState.class);

        assertThat(making.attempt()).isEqualTo(2);
    }

    @Test
    void findsWithoutMaking() {
        Row row = Row.answered();

        boolean foundFirst = once.find(row.creation(), ID);
        row.there = true;
        boolean foundThen = once.find(row.creation(), ID);

        assertThat(foundFirst).isFalse();
        assertThat(foundThen).isTrue();
        assertThat(row.stripeId).isEqualTo("thing_found");
        assertThat(row.called).isEmpty();
    }

    @Test
    void changesUnderANewKeyAfterEachAnswer() {
        Row row = Row.answered();

        once.change(row);
        once.change(row);

        assertThat(row.called).containsExactly(1, 2);
    }

    @Test
    void changesUnderANewKeyAfterARefusal() {
        Row row = Row.answered(SomeRefusal.unexpectedState());

        assertThatThrownBy(() -> once.change(row)).isInstanceOf(StripeRefused.UnexpectedState.class);
        once.change(row);

        assertThat(row.called).containsExactly(1, 2);
    }

    @Test
    void changesUnderTheSameKeyWhereNothingWasHeard() {
        Row row = Row.answered(SomeRefusal.unreachable(), SomeRefusal.rateLimited());

        assertThatThrownBy(() -> once.change(row)).isInstanceOf(StripeAway.class);
        assertThatThrownBy(() -> once.change(row)).isInstanceOf(StripeRefused.RateLimited.class);
        once.change(row);

        assertThat(row.called).containsExactly(1, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void changesAfterAFailureUnderAnotherKeyOnlyIfItIsKept(boolean kept) {
        Row row = Row.answered(SomeRefusal.failed(kept));

        once.change(row);

        assertThat(row.called).containsExactly(1, kept ? 2 : 1);
    }

    @Test
    void changesUnderANewKeyWhereTheOldWasUsedForAnotherForm() {
        Row row = Row.answered(SomeRefusal.keyReused());

        once.change(row);

        assertThat(row.called).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource({ "false, 2", "true, 6" })
    void keepsNobodyWaitingForLong(boolean background, int calls) {
        Row row = Row.answered(Collections.nCopies(10, SomeRefusal.failed(false)).toArray(StripeRefused[]::new));
        row.takes = () -> nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        Runnable asking = () -> once.ensure(row.creation(), ID);

        assertThatThrownBy(() -> {
            if (background) {
                Background.run(asking);
            } else {
                asking.run();
            }
        }).isInstanceOf(StripeAway.class);

        assertThat(row.called).hasSize(calls);
    }

    @Test
    void waitsForWhoeverMakesTheSameChange() {
        Row row = Row.answered(SomeRefusal.keyInUse());

        once.change(row);

        assertThat(row.called).containsExactly(1, 1);
    }

    /** Stripe repeats its answer to all callers of one change; under the next number it would make it twice. */
    @Test
    void staysWithItsNumberWhileAnotherCallerHearsTheAnswer() {
        Row row = Row.answered(SomeRefusal.keyInUse());
        row.takes = () -> row.nextAttempt(1);

        once.change(row);

        assertThat(row.called).containsExactly(1, 1);
        assertThat(row.attempt).isEqualTo(2);
    }

    @Test
    void tellsBothCallersOfOneChangeTheSameRefusal() {
        Row row = Row.answered(SomeRefusal.keyInUse(), SomeRefusal.unexpectedState());
        row.takes = () -> row.nextAttempt(1);

        assertThatThrownBy(() -> once.change(row)).isInstanceOf(StripeRefused.UnexpectedState.class);

        assertThat(row.called).containsExactly(1, 1);
    }

    @Test
    void staysWithItsNumberAfterAFailureThatIsNotKept() {
        Row row = Row.answered(SomeRefusal.failed(false));
        row.takes = () -> row.nextAttempt(1);

        once.change(row);

        assertThat(row.called).containsExactly(1, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void goesOnUnderTheNumberAfterTheOneWhoseAnswerItHeard(boolean kept) {
        Row row = Row.answered(kept ? SomeRefusal.failed(true) : SomeRefusal.keyReused());
        row.takes = () -> {
            row.nextAttempt(1);
            row.nextAttempt(2);
        };

        once.change(row);

        assertThat(row.called).containsExactly(1, 2);
    }
}
