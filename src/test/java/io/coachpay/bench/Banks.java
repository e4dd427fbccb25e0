package io.coachpay.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.vertx.core.json.JsonObject;

/** The coaches' accounts in the sandbox, so that they can be paid out. */
final class Banks {

    private static final Map<String, String> COUNTRIES = Map.of("USD", "US", "EUR", "DE", "JPY", "GB");
    private static final int AT_ONCE = 8;

    private final URI sandbox;
    private final HttpClient client = HttpClient.newHttpClient();

    Banks(URI sandbox) {
        this.sandbox = sandbox;
    }

    /** Opens an account for each of these currencies, which can be paid out; returns their ids. */
    List<String> open(List<String> currencies) throws Exception {
        return atOnce(currencies.stream().<Callable<String>> map(currency -> () -> open(currency)).toList());
    }

    private String open(String currency) throws IOException, InterruptedException {
        JsonObject account = send("/v1/accounts", "application/x-www-form-urlencoded",
                "controller[stripe_dashboard][type]=express&controller[fees][payer]=application"
                        + "&controller[losses][payments]=application&controller[requirement_collection]=stripe"
                        + "&capabilities[transfers][requested]=true&country=" + COUNTRIES.get(currency));
        send("/sandbox/accounts/" + account.getString("id") + "/complete-onboarding", "application/json", "{}");
        return account.getString("id");
    }

    /** An account's balance, in the currency's smallest unit. */
    record Holding(String account, String currency, long amount) {
    }

    /** Puts these amounts into accounts. */
    void fill(List<Holding> holdings) throws Exception {
        atOnce(holdings.stream().<Callable<JsonObject>> map(holding -> () -> send("/sandbox/balance_transactions",
                "application/json", new JsonObject().put("type", "payment").put("amount", holding.amount())
                        .put("currency", holding.currency().toLowerCase(Locale.ROOT)).put("account", holding.account())
                        .encode()))
                .toList());
    }

    private JsonObject send(String path, String type, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(sandbox.resolve(path)).header("Content-Type", type)
                .header("Authorization", "Bearer sk_test_package").POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("The sandbox answered " + path + " with " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    private static <T> List<T> atOnce(List<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
