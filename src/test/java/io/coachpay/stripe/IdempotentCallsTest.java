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
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.job.Background;

class IdempotentCallsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final IdempotentCalls once = new IdempotentCalls(Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);

    /** A row that counts its attempts, and a Stripe that answers as told, then well. */
    private static final class Row implements IdempotentCalls.Creation, IdempotentCalls.Change<String> {

        private final Deque<StripeRefused> answers = new ArrayDeque<>();
        private final List<Integer> called = new ArrayList<>();
        private boolean there;
        private int looks;
        private String stripeId;
        private int attempt = 1;
        private Runnable takes = () -> {
        };

        static Row answered(StripeRefused... answers) {
            Row row = new Row();
            row.answers.addAll(List.of(answers));
            return row;
        }

        @Override
        public IdempotentCalls.Progress progress() {
            return new IdempotentCalls.Progress(stripeId, attempt, NOW);
        }

        @Override
        public boolean find() {
            looks++;
            stripeId = there ? "thing_found" : null;
            return there;
        }

        @Override
        public void create(int attempt) {
            stripeId = call(attempt);
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

        String id = once.ensure(row);

        assertThat(id).isEqualTo("thing_found");
        assertThat(row.called).containsExactly(1);
    }

    @Test
    void makesWhatNoFormOfTheCallHasMade() {
        Row row = Row.answered(SomeRefusal.keyReused());

        String id = once.ensure(row);

        assertThat(id).isEqualTo("thing_made");
        assertThat(row.looks).isEqualTo(1);
        assertThat(row.called).containsExactly(1, 2);
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
        Runnable asking = () -> once.ensure(row);

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
}
