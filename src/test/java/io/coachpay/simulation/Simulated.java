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
        return Map.ofEntries(
                // Stories decide when jobs run; by themselves they would run whenever the machine is quick enough.
                Map.entry("coachpay.job.polling-interval", "1H"),
                // The SDK sleeps half a second before it tries again, and that is a whole story; so failures reach the service.
                Map.entry("coachpay.stripe.network-retries", "0"),
                Map.entry("coachpay.stripe.background-calls-per-second", "0"),
                Map.entry("coachpay.inbox.poll-interval", "0.02S"),
                // One person sends more requests in a story's second than others do in a minute.
                Map.entry("coachpay.http.money-moving-per-minute", "100000"),
                Map.entry("coachpay.http.asking-stripe-per-minute", "100000"),
                // And saves more cards, of which more are refused.
                Map.entry("coachpay.payment.setups-per-hour", "10000"),
                Map.entry("coachpay.payment.declines-per-day", "10000"),
                // Players see the problems; the log need not repeat them.
                Map.entry("quarkus.log.category.\"http-problem\".level", "OFF"),
                // A refusal by Stripe has its row and its finding; the script shows the rest.
                Map.entry("quarkus.log.level", "FATAL"));
    }
}
