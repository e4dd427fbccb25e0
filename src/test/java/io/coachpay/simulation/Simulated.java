package io.coachpay.simulation;

import java.util.Map;

import io.coachpay.OwnWorld;

/**
 * The service for stories: with a database and a sandbox that no other test writes to, so that the books of both must agree as
 * a whole.
 */
public class Simulated extends OwnWorld {

    public Simulated() {
        super("simulation");
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // Stories decide when jobs run; by themselves they would run whenever the machine is quick enough.
                "coachpay.job.polling-interval", "1H",
                // The SDK sleeps half a second before it tries again, and that is a whole story; so failures reach the service.
                "coachpay.stripe.network-retries", "0",
                "coachpay.stripe.background-calls-per-second", "0",
                "coachpay.inbox.poll-interval", "0.02S",
                // One person sends more requests in a story's second than others do in a minute.
                "coachpay.http.money-moving-per-minute", "100000",
                "coachpay.http.asking-stripe-per-minute", "100000",
                // Players see the problems; the log need not repeat them.
                "quarkus.log.category.\"http-problem\".level", "OFF",
                // A refusal by Stripe has its row and its finding; the script shows the rest.
                "quarkus.log.level", "FATAL");
    }
}
