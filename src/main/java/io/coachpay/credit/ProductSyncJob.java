package io.coachpay.credit;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Sends names of packages that Stripe does not have yet, because it was away or the product was just being made. */
@ApplicationScoped
class ProductSyncJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);

    private final ProductsAtStripe products;

    ProductSyncJob(ProductsAtStripe products) {
        this.products = products;
    }

    @Override
    public String name() {
        return "product-sync";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        products.pushAll();
    }
}
