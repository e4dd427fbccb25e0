package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.Management;
import io.coachpay.ServiceTest;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

@ServiceTest
class JobsTest {

    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource database;
    @Inject
    Clock clock;
    @Inject
    JobSettings settings;
    @Inject
    MeterRegistry metrics;

    /** Counts its runs, and fails at every second one. */
    private record Counting(String name, Schedule schedule, boolean atStart, AtomicInteger runs) implements Job {

        static Counting every(Duration pause) {
            return of(pause, false);
        }

        static Counting of(Duration pause, boolean atStart) {
            return new Counting("test-" + System.nanoTime(), Schedules.fixedDelay(pause), atStart, new AtomicInteger());
        }

        @Override
        public void run() {
            if (runs.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("every second run fails");
            }
        }
    }

    /** Ends only when the test says so. */
    private record Lasting(String name, CountDownLatch over, AtomicInteger begun) implements Job {

        @Override
        public Schedule schedule() {
            return Schedules.fixedDelay(Duration.ofMillis(100));
        }

        @Override
        public void run() {
            begun.incrementAndGet();
            try {
                if (!over.await(2, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("Nobody told it to end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void runsAJobAgainAndAgainAlsoAfterItFailed() {
        Counting job = Counting.every(Duration.ofMillis(100));
        Jobs jobs = started(job);

        await().atMost(Duration.ofSeconds(60)).until(() -> job.runs().get() >= 3);

        jobs.stop(new ShutdownEvent());
        Management.get("/q/metrics").then()
                .body(containsString("coachpay_jobs_seconds_count{job=\"" + job.name() + "\",outcome=\"done\""))
                .body(containsString("coachpay_jobs_seconds_count{job=\"" + job.name() + "\",outcome=\"failed\""));
    }

    @Test
    void runsAJobOnOneInstanceAtATime() {
        Counting job = Counting.every(Duration.ofDays(1));

        List<Jobs> instances = List.of(started(job), started(job), started(job));
        await().atMost(Duration.ofSeconds(60)).until(() -> job.runs().get() == 1);

        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(5)).until(() -> job.runs().get() == 1);
        instances.forEach(instance -> instance.stop(new ShutdownEvent()));
    }

    @Test
    void runsAtStartWhatWantsTo() {
        Counting job = Counting.of(Duration.ofDays(1), true);
        Jobs first = started(job);
        await().atMost(Duration.ofSeconds(60)).until(() -> job.runs().get() == 1);
        first.stop(new ShutdownEvent());

        Jobs second = started(job);

        await().atMost(Duration.ofSeconds(60)).until(() -> job.runs().get() == 2);
        second.stop(new ShutdownEvent());
    }

    @Test
    void runsAJobNow() {
        Counting job = Counting.every(Duration.ofDays(1));
        Jobs idle = new Jobs(List.of(job), () -> false, database, clock, settings, metrics);

        idle.runNow(job.name());

        assertThat(job.runs()).hasValue(1);
        assertThatThrownBy(() -> idle.runNow("nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void marksTheThreadOnlyWhileAJobRuns() {
        AtomicBoolean marked = new AtomicBoolean();
        Job job = new Job() {
            @Override
            public String name() {
                return "test-mark";
            }

            @Override
            public Schedule schedule() {
                return Schedules.fixedDelay(Duration.ofDays(1));
            }

            @Override
            public void run() {
                marked.set(Background.isOn() && "test-mark".equals(MDC.get("job")));
            }
        };

        new Jobs(List.of(job), () -> false, database, clock, settings, metrics).runNow(job.name());

        assertThat(marked).isTrue();
        assertThat(Background.isOn()).isFalse();
        assertThat(MDC.get("job")).isNull();
    }

    @Test
    void letsNoJobWaitForOthersToEnd() {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        List<Job> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(new Lasting("test-" + System.nanoTime(), over, begun));
        }
        Counting quick = Counting.every(Duration.ofMillis(100));
        all.add(quick);
        Jobs jobs = started(all);
        await().atMost(Duration.ofSeconds(60)).until(() -> begun.get() >= 12);
        int before = quick.runs().get();

        await().atMost(Duration.ofSeconds(60)).until(() -> quick.runs().get() >= before + 2);

        over.countDown();
        jobs.stop(new ShutdownEvent());
    }

    @Test
    void runsAJobOnceAtATime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Lasting job = new Lasting("test-" + System.nanoTime(), over, new AtomicInteger());
        Jobs idle = new Jobs(List.of(job), () -> false, database, clock, settings, metrics);
        Thread first = new Thread(() -> idle.runNow(job.name()));
        Thread second = new Thread(() -> idle.runNow(job.name()));

        first.start();
        await().until(() -> job.begun().get() == 1);
        second.start();
        await().until(() -> second.getState() == Thread.State.WAITING);
        assertThat(job.begun()).hasValue(1);

        over.countDown();
        first.join();
        second.join();
        assertThat(job.begun()).hasValue(2);
    }

    private Jobs started(Job job) {
        return started(List.of(job));
    }

    private Jobs started(List<Job> all) {
        Jobs jobs = new Jobs(all, () -> false, database, clock, settings, metrics);
        jobs.start(new StartupEvent());
        return jobs;
    }
}
