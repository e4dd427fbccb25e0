package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class SideBySideTest {

    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    @Test
    void doesSeveralAtOnceAndInTheBackground() {
        CountDownLatch together = new CountDownLatch(4);
        Queue<Boolean> marked = new ConcurrentLinkedQueue<>();

        SideBySide.run(HUNDRED, 4, one -> {
            marked.add(Background.isOn());
            together.countDown();
            return awaits(together);
        });

        assertThat(marked).hasSize(100).containsOnly(true);
    }

    @Test
    void givesEachItsTurnWhateverComesOfOthers() {
        Queue<Integer> done = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() -> SideBySide.run(HUNDRED, 4, one -> {
            done.add(one);
            if (one % 10 == 3) {
                throw new IllegalStateException("a three");
            }
            return true;
        })).isInstanceOf(IllegalStateException.class);

        assertThat(done).containsExactlyInAnyOrderElementsOf(HUNDRED);
    }

    @Test
    void endsWhereOneSaysThatThereIsNoUse() {
        Queue<Integer> done = new ConcurrentLinkedQueue<>();

        SideBySide.run(HUNDRED, 4, one -> {
            done.add(one);
            return one < 10;
        });

        assertThat(done).contains(10).hasSizeLessThan(20);
    }

    @Test
    void hasNothingToDoForNobody() {
        SideBySide.run(List.of(), 4, one -> {
            throw new IllegalStateException("Nobody is here");
        });
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
