package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.vertx.core.json.JsonObject;

class StateFileTest {

    @TempDir
    private Path folder;

    @Test
    void renewsAfterARestart() {
        Options options = Options.ofTests().withStateFile(folder.resolve("state/billing.json"));
        String subscription;
        try (Sandbox sandbox = Sandbox.start(options)) {
            StripeClient stripe = new StripeClient(sandbox);
            String product = stripe.post("/v1/products", "name", "Plan").id();
            String price = stripe.post("/v1/prices", "product", product, "currency", "usd", "unit_amount", 1000,
                    "recurring[interval]", "month").id();
            String customer = stripe.post("/v1/customers", "name", "Alice").id();
            String card = stripe.post("/v1/payment_methods/pm_card_visa/attach", "customer", customer).id();
            subscription = stripe.post("/v1/subscriptions", "customer", customer, "items[0][price]", price,
                    "default_payment_method", card).id();
        }

        try (Sandbox sandbox = Sandbox.start(options)) {
            StripeClient stripe = new StripeClient(sandbox);
            stripe.advance(32L * 24 * 60 * 60);

            assertThat(Json.objects(stripe.get("/v1/invoices?subscription=" + subscription).json().getJsonArray("data")))
                    .extracting(invoice -> invoice.getString("status")).containsExactly("paid", "paid");
        }
    }

    @Test
    void goesOnWhereItStopped() {
        Options options = Options.ofTests().withStateFile(folder.resolve("state/sandbox.json"));
        String intent;
        String account;
        JsonObject booksBefore;
        try (Sandbox sandbox = Sandbox.start(options)) {
            StripeClient stripe = new StripeClient(sandbox);
            account = stripe.onboardedAccount();
            intent = stripe.with("Idempotency-Key", "kept").post("/v1/payment_intents", "amount", 12500, "currency", "usd",
                    "application_fee_amount", 2500, "transfer_data[destination]", account, "payment_method", "pm_card_visa",
                    "confirm",
                    "true").id();
            stripe.advance(1_000);
            booksBefore = stripe.books();
        }

        try (Sandbox sandbox = Sandbox.start(options)) {
            StripeClient stripe = new StripeClient(sandbox);
            JsonObject booksAfter = stripe.books();
            StripeClient.Reply replayed = stripe.with("Idempotency-Key", "kept").post("/v1/payment_intents", "amount", 12500,
                    "currency", "usd", "application_fee_amount", 2500, "transfer_data[destination]", account, "payment_method",
                    "pm_card_visa", "confirm", "true");

            assertThat(replayed.id()).isEqualTo(intent);
            booksBefore.remove("asOf");
            booksAfter.remove("asOf");
            assertThat(booksAfter).isEqualTo(booksBefore);
            assertThat(stripe.get("/sandbox/clock").json().getLong("offsetSeconds")).isEqualTo(1_000);
            stripe.advance(2 * 24 * 60 * 60);
            assertThat(stripe.on(account).get("/v1/events?type=balance.available").json().getJsonArray("data")).hasSize(1);
            assertThat(stripe.onboardedAccount()).isNotEqualTo(account);
        }
    }

    @Test
    void writesWhileItRuns() {
        Path file = folder.resolve("sandbox.json");
        try (Sandbox sandbox = Sandbox.start(Options.ofTests().withStateFile(file))) {
            String customer = new StripeClient(sandbox).post("/v1/customers", "name", "Alice").id();

            await().until(() -> Files.exists(file) && Files.readString(file).contains(customer));
        }
    }

    @Test
    void deliversWhatWasUndelivered() {
        Options options = Options.ofTests().withStateFile(folder.resolve("sandbox.json"));
        try (WebhookReceiver service = new WebhookReceiver()) {
            service.answers(any -> 503);
            Options listening = options.withEndpoints(java.util.List.of(service.endpoint(WebhookEndpoint.Kind.PLATFORM)));
            try (Sandbox sandbox = Sandbox.start(listening)) {
                new StripeClient(sandbox).post("/v1/customers", "name", "Alice");
                await().until(() -> !service.received().isEmpty());
            }
            int before = service.received().size();
            service.answers(any -> 200);

            try (Sandbox sandbox = Sandbox.start(options)) {
                await().until(() -> service.received().size() > before);
            }
        }
    }
}
