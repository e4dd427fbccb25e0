package io.coachpay.job;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/** Runs every {@link Job} when it is due; all instances of the service share the work through the database. */
@ApplicationScoped
public class Jobs {

    private static final Logger LOG = Logger.getLogger(Jobs.class);

    private final Map<String, Job> jobs;
    private final Map<String, Lock> underWay;
    private final Standstill standstill;
    private final DataSource database;
    private final Clock clock;
    private final JobSettings settings;
    private final MeterRegistry metrics;
    private @Nullable Scheduler scheduler;

    Jobs(@All List<Job> jobs, Standstill standstill, @io.quarkus.agroal.DataSource("service") DataSource database, Clock clock,
            JobSettings settings, MeterRegistry metrics) {
        this.jobs = jobs.stream().collect(Collectors.toUnmodifiableMap(Job::name, Function.identity()));
        underWay = jobs.stream().collect(Collectors.toUnmodifiableMap(Job::name, job -> new ReentrantLock()));
        this.standstill = standstill;
        this.database = database;
        this.clock = clock;
        this.settings = settings;
        this.metrics = metrics;
    }

    /**
     * Runs a job now, on this thread, whatever its schedule says, unless it needs Stripe and Stripe refuses our key. A run of
     * the same job that is under way here ends before.
     *
     * @throws IllegalArgumentException when there is no job of that name
     */
    public void runNow(String name) {
        Job job = jobs.get(name);
        if (job == null) {
            throw new IllegalArgumentException("There is no job named " + name);
        }
        run(job);
    }

    void start(@Observes StartupEvent start) {
        List<RecurringTask<Void>> tasks = jobs.values().stream().map(this::task).toList();
        Scheduler started = Scheduler.create(database)
                .startTasks(tasks)
                // A job runs once at a time, so with a thread for each no job waits for another to end.
                .threads(jobs.size())
                .pollingInterval(settings.pollingInterval())
                .heartbeatInterval(settings.heartbeatInterval())
                .shutdownMaxWait(settings.shutdownWait())
                .alwaysPersistTimestampInUTC()
                .clock(clock::instant)
                .build();
        scheduler = started;
        started.start();
        jobs.values().stream().filter(Job::atStart).forEach(job -> bringForward(started, job));
    }

    void stop(@Observes ShutdownEvent shutdown) {
        if (scheduler != null) {
            scheduler.stop();
        }
    }

    private RecurringTask<Void> task(Job job) {
        return Tasks.recurring(job.name(), job.schedule()).execute((instance, context) -> run(job));
    }

    private void bringForward(Scheduler started, Job job) {
        try {
            started.reschedule(task(job).getDefaultTaskInstance(), clock.instant());
        } catch (TaskInstanceCurrentlyExecutingException | ExecutionException e) {
            // Picked up between our look and our update, here or elsewhere.
            LOG.debugf("The job %s is running already", job.name());
        }
    }

    private void run(Job job) {
        if (job.needsStripe() && standstill.isOn()) {
            LOG.debugf("The job %s is paused, since Stripe refuses our key", job.name());
            return;
        }
        Lock turn = Objects.requireNonNull(underWay.get(job.name()));
        turn.lock();
        Timer.Sample sample = Timer.start(metrics);
        String outcome = "failed";
        try {
            Background.run("job", job.name(), job::run);
            outcome = "done";
        } finally {
            turn.unlock();
            sample.stop(Timer.builder("coachpay.jobs").description("Runs of recurring work").tag("job", job.name())
                    .tag("outcome", outcome)
                    .register(metrics));
        }
    }
}
