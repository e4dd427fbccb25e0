package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class QueuesTest {

    private final Queues<Integer> queues = new Queues<>();

    @Test
    void asksForOneToWorkOnAQueueUntilItIsEmpty() {
        assertThat(queues.add("a", 1)).isTrue();
        assertThat(queues.add("b", 2)).isTrue();
        assertThat(queues.add("a", 3)).isFalse();

        assertThat(queues.take("a", 10)).containsExactly(1, 3);
        assertThat(queues.add("a", 4)).as("while it is worked on").isFalse();
        assertThat(queues.take("a", 10)).containsExactly(4);
        assertThat(queues.take("a", 10)).isEmpty();
        assertThat(queues.add("a", 5)).as("once nobody does").isTrue();
        assertThat(queues.take("b", 10)).containsExactly(2);
    }

    @Test
    void takesNoMoreThanAskedFor() {
        IntStream.range(0, 5).forEach(i -> queues.add("a", i));

        assertThat(queues.take("a", 3)).containsExactly(0, 1, 2);
        assertThat(queues.take("a", 3)).containsExactly(3, 4);
    }

    @Test
    void losesNothingAndHasOneWorkerAtATime() throws Exception {
        Set<Integer> taken = ConcurrentHashMap.newKeySet();
        Set<String> worked = ConcurrentHashMap.newKeySet();
        AtomicInteger atOnce = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        int all = 20_000;

        for (int i = 0; i < all; i++) {
            String name = "queue-" + i % 7;
            if (queues.add(name, i)) {
                threads.execute(() -> {
                    for (List<Integer> some = queues.take(name, 3); !some.isEmpty(); some = queues.take(name, 3)) {
                        if (!worked.add(name)) {
                            atOnce.incrementAndGet();
                        }
                        taken.addAll(some);
                        worked.remove(name);
                    }
                });
            }
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(atOnce).hasValue(0);
        assertThat(taken).isEqualTo(IntStream.range(0, all).boxed().collect(Collectors.toSet()));
    }
}
