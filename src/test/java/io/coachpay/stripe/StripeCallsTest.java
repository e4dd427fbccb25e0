package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.transaction.Status;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.stripe.Stripe;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;

class StripeCallsTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final ScriptedStripe stripe = new ScriptedStripe();

    @AfterEach
    void close() {
        stripe.close();
    }

    @Test
    void sendsKeyVersionAccountAndForm() {
        stripe.answers(200, "{\"id\": \"re_1\"}");

        stripe.calls().post("refunds.create", "/v1/refunds", new StripeForm().put("amount", 5).put("note", "a b&c=ü"),
                "refund:1:create:1", "acct_1");

        ScriptedStripe.Asked asked = stripe.lastAsked();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path()).isEqualTo("/v1/refunds");
        assertThat(asked.header("Authorization")).isEqualTo("Bearer " + ScriptedStripe.KEY);
        assertThat(asked.header("Idempotency-Key")).isEqualTo("refund:1:create:1");
        assertThat(asked.header("Stripe-Account")).isEqualTo("acct_1");
        assertThat(asked.header("Stripe-Version")).isEqualTo(Stripe.API_VERSION);
        assertThat(asked.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
        assertThat(asked.form()).isEqualTo(Map.of("amount", "5", "note", "a b&c=ü"));
    }

    @Test
    void readsWithoutKeyOrBody() {
        stripe.answers(200, "{\"id\": \"re_1\"}");

        stripe.calls().get("refunds.list", "/v1/refunds", new StripeForm().put("payment_intent", "pi_1"), null);

        assertThat(stripe.lastAsked().parameters()).isEqualTo(Map.of("payment_intent", "pi_1"));
        assertThat(stripe.lastAsked().header("Idempotency-Key")).isNull();
        assertThat(stripe.lastAsked().header("Stripe-Account")).isNull();
        assertThat(stripe.lastAsked().body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = { 500, 502, 409 })
    void triesAgainWithTheSameKeyAndBytes(int status) {
        stripe.refuses(status, "{\"type\": \"api_error\"}").answers(200, "{\"id\": \"re_1\"}");

        stripe.calls(1, Duration.ofSeconds(5)).post("refunds.create", "/v1/refunds", new StripeForm().put("amount", 5), "k:1",
                null);

        assertThat(stripe.asked()).hasSize(2).extracting(asked -> asked.header("Idempotency-Key")).containsOnly("k:1");
        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::body).containsOnly("amount=5");
    }

    @Test
    void doesNotTryAgainWhenStripeSaysSo() {
        stripe.answers(500, "{\"error\": {\"type\": \"api_error\"}}", "Stripe-Should-Retry", "false");

        assertThatThrownBy(() -> post(stripe.calls(2, Duration.ofSeconds(5)))).isInstanceOf(StripeAway.class);
        assertThat(stripe.asked()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "400|invalid_request_error|parameter_unknown|InvalidRequest",
            "400|invalid_request_error||InvalidRequest",
            "400|invalid_request_error|balance_insufficient|InsufficientBalance",
            "400|invalid_request_error|payment_intent_unexpected_state|UnexpectedState",
            "400|invalid_request_error|charge_already_refunded|UnexpectedState",
            "400|invalid_request_error|insufficient_capabilities_for_transfer|AccountNotReady",
            "400|invalid_request_error|charge_disputed|UnexpectedState",
            "400|invalid_request_error|payouts_not_allowed|AccountNotReady",
            "400|invalid_request_error|no_account|AccountNotReady",
            "400|invalid_request_error|bank_account_unusable|AccountNotReady",
            "400|invalid_request_error|instant_payouts_unsupported|AccountNotReady",
            "400|idempotency_error||KeyReused",
            "401|invalid_request_error||KeyRefused",
            "401|invalid_request_error|api_key_expired|KeyRefused",
            "400|invalid_request_error|secret_key_required|KeyRefused",
            "403|invalid_request_error|platform_account_required|KeyRefused",
            "403|invalid_request_error||KeyRefused",
            "403|invalid_request_error|account_invalid|NotPermitted",
            "400|invalid_request_error|application_fees_not_allowed|NotPermitted",
            "404|invalid_request_error|resource_missing|ResourceMissing",
            "400|invalid_request_error|resource_missing|ResourceMissing",
            "409|idempotency_error|idempotency_key_in_use|KeyInUse",
            "429|invalid_request_error|rate_limit|RateLimited",
            "429|invalid_request_error|lock_timeout|RateLimited",
            "402|card_error|card_declined|CardDeclined",
            "402|card_error|authentication_required|AuthenticationRequired",
            "500|api_error||StripeAway",
            "503|api_error||StripeAway" })
    void givesEachErrorItsName(int status, String type, String code, String name) {
        String codeField = code == null ? "" : "\"code\": \"" + code + "\", ";
        stripe.refuses(status, "{\"type\": \"" + type + "\", " + codeField + "\"message\": \"No.\", \"param\": \"amount\"}");

        StripeRefused refused = catchThrowableOfType(StripeRefused.class, () -> post(stripe.calls()));

        assertThat(refused.getClass().getSimpleName()).isEqualTo(name);
        assertThat(refused.reason()).isEqualTo(new StripeRefused.Reason("refunds.create", status, code, "req_scripted", "No."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "401|Expired API Key provided|KeyRefused",
            "403|The provided key does not have access to account acct_1|NotPermitted",
            "403|The key does not have the required permissions for this endpoint on account acct_1|KeyRefused",
            "403|Having the rak_payout_write permission would allow this|KeyRefused" })
    void tellsOurKeyFromAnAccountThatDoesNotListen(int status, String message, String name) {
        stripe.refuses(status, "{\"type\": \"invalid_request_error\", \"message\": \"" + message + "\"}");

        StripeRefused refused = catchThrowableOfType(StripeRefused.class,
                () -> stripe.calls().get("payouts.list", "/v1/payouts", new StripeForm(), "acct_1"));

        assertThat(refused.getClass().getSimpleName()).isEqualTo(name);
    }

    @Test
    void knowsThatARefusedKeyHadNoEffect() {
        stripe.refuses(401, "{\"type\": \"invalid_request_error\", \"message\": \"Expired.\"}");

        StripeAway refused = catchThrowableOfType(StripeAway.class, () -> post(stripe.calls()));

        assertThat(refused.effectUnknown()).isFalse();
        assertThat(refused.storedAnswer()).isFalse();
    }

    @Test
    void tellsWhyACardWasDeclinedAndHowThePaymentStands() {
        stripe.refuses(402, """
                {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
                 "message": "Your card has insufficient funds.",
                 "payment_intent": {"id": "pi_1", "object": "payment_intent", "amount": 12500, "currency": "usd",
                                    "status": "requires_payment_method", "client_secret": "pi_1_secret_x"}}""");

        StripeRefused.CardDeclined declined = catchThrowableOfType(StripeRefused.CardDeclined.class,
                () -> post(stripe.calls()));

        assertThat(declined.code()).isEqualTo("card_declined");
        assertThat(declined.declineCode()).isEqualTo("insufficient_funds");
        assertThat(declined.payerMessage()).isEqualTo("Your card has insufficient funds.");
        assertThat(declined.paymentIntent().status()).isEqualTo(StripePaymentIntent.Status.REQUIRES_PAYMENT_METHOD);
    }

    @Test
    void carriesThePaymentThatIsInTheWay() {
        stripe.refuses(400, """
                {"type": "invalid_request_error", "code": "payment_intent_unexpected_state", "message": "No.",
                 "payment_intent": {"id": "pi_1", "object": "payment_intent", "amount": 12500, "currency": "usd",
                                    "status": "succeeded"}}""");

        StripeRefused.UnexpectedState refused = catchThrowableOfType(StripeRefused.UnexpectedState.class,
                () -> post(stripe.calls()));

        assertThat(refused.paymentIntent().status()).isEqualTo(StripePaymentIntent.Status.SUCCEEDED);
    }

    @ParameterizedTest
    @CsvSource({ "Retry-After, 7, 7", "Retry-After, 0, 1", "Retry-After, 7200, 60", "Retry-After, soon, 15", "Other, 7, 15" })
    void tellsHowLongToWait(String header, String told, long seconds) {
        stripe.answers(429, "{\"error\": {\"type\": \"invalid_request_error\", \"code\": \"rate_limit\"}}", header, told);

        StripeRefused.RateLimited limited = catchThrowableOfType(StripeRefused.RateLimited.class, () -> post(stripe.calls()));

        assertThat(limited.pause()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({ "true", "false" })
    void tellsWhetherAFailureIsStoredUnderTheKey(boolean stored) {
        stripe.answers(500, "{\"error\": {\"type\": \"api_error\"}}", "Idempotent-Replayed", Boolean.toString(stored));

        StripeAway away = catchThrowableOfType(StripeAway.class, () -> post(stripe.calls()));

        assertThat(away.storedAnswer()).isEqualTo(stored);
        assertThat(away.effectUnknown()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "502|<html>Bad gateway</html>", "502|''", "500|[]", "400|{\"error\": \"gone\"}",
            "404|<html>No such page</html>", "302|''" })
    void takesAnythingThatIsNotStripesAnswerAsAway(int status, String body) {
        stripe.answers(status, body);

        assertThatThrownBy(() -> post(stripe.calls())).isInstanceOf(StripeAway.class);
    }

    @Test
    void takesASuccessThatIsNotJsonAsAway() {
        stripe.answers(200, "<html>Log in to the network</html>");

        StripeAway away = catchThrowableOfType(StripeAway.class, () -> post(stripe.calls()));

        assertThat(away.effectUnknown()).isTrue();
    }

    @Test
    void knowsThatNothingHappenedWithoutAConnection() {
        URI nobody = stripe.base();
        stripe.close();
        StripeCalls calls = ScriptedStripe.calls(nobody, 1, SHORT, new SimpleMeterRegistry());

        StripeAway away = catchThrowableOfType(StripeAway.class, () -> post(calls));

        assertThat(away.effectUnknown()).isFalse();
        assertThat(away.storedAnswer()).isFalse();
    }

    @Test
    void doesNotKnowTheEffectWithoutAnAnswer() {
        stripe.keepsSilent();

        StripeAway away = catchThrowableOfType(StripeAway.class, () -> post(stripe.calls(0, SHORT)));

        assertThat(away.effectUnknown()).isTrue();
    }

    @Test
    void waitsForTheBodyNoLongerThanForTheAnswer() {
        stripe.stallsHalfway();

        assertThatThrownBy(() -> post(stripe.calls(0, SHORT))).isInstanceOf(StripeAway.class);
    }

    @Test
    void triesAgainAfterSilence() {
        stripe.keepsSilent().answers(200, "{\"id\": \"re_1\"}");

        post(stripe.calls(1, SHORT));

        assertThat(stripe.asked()).hasSize(2);
    }

    @Test
    void remembersThatAnEarlierAttemptMayHaveArrived() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> hungUp = CompletableFuture.runAsync(() -> takeOneRequestAndHangUp(once));
            StripeCalls calls = ScriptedStripe.calls(URI.create("http://127.0.0.1:" + once.getLocalPort()), 1,
                    Duration.ofSeconds(5), new SimpleMeterRegistry());

            StripeAway away = catchThrowableOfType(StripeAway.class, () -> post(calls));

            hungUp.join();
            assertThat(away.effectUnknown()).isTrue();
        }
    }

    @Test
    void keepsSecretsOutOfMessages() {
        stripe.refuses(400, """
                {"type": "invalid_request_error",
                 "message": "Bad key sk_test_abc123 or rk_live_x9 for pi_1A_secret_2B and\\nwhsec_zz9"}""");

        StripeRefused refused = catchThrowableOfType(StripeRefused.class, () -> post(stripe.calls()));

        assertThat(refused).hasMessageContaining("Bad key *** or *** for *** and ***").hasNoCause();
        assertThat(refused.getMessage()).doesNotContain("abc123", "x9", "2B", "zz9", "\n");
    }

    @Test
    void refusesToHoldATransactionOpen() {
        StripeCalls calls = new StripeCalls(
                ScriptedStripe.settings(ScriptedStripe.KEY, stripe.base(), 0, SHORT), stripe.meters,
                OpenTelemetry.noop().getTracer("test"), StripeCallsTest::unlimited, key(), () -> Status.STATUS_ACTIVE);

        assertThatIllegalStateException().isThrownBy(() -> post(calls)).withMessageContaining("transaction");
        assertThat(stripe.asked()).isEmpty();
    }

    @Test
    void callsOnlyWithinTheBudget() {
        StripeCalls calls = new StripeCalls(
                ScriptedStripe.settings(ScriptedStripe.KEY, stripe.base(), 0, SHORT), stripe.meters,
                OpenTelemetry.noop().getTracer("test"), operation -> {
                    throw new StripeRefused.RateLimited(new StripeRefused.Reason(operation, 0, null, null, "Spent"), SHORT);
                }, key(), () -> Status.STATUS_NO_TRANSACTION);

        assertThatThrownBy(() -> post(calls)).isInstanceOf(StripeRefused.RateLimited.class)
                .hasMessage("refunds.create: Spent");
        assertThat(stripe.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "..", "pi_1/confirm", "pi_1?expand[]=x", "pi 1", "pi_1%2Fcancel", "pi_1\r\nX: y" })
    void neverPutsAnythingButAnIdInAPath(String id) {
        StripePayments payments = new StripePayments(stripe.calls());

        assertThatThrownBy(() -> payments.retrieve(id)).isInstanceOf(StripeRefused.ResourceMissing.class);
        assertThat(stripe.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " " })
    void refusesToChangeAnythingWithoutAKey(String key) {
        assertThatIllegalArgumentException().isThrownBy(
                () -> stripe.calls().post("refunds.create", "/v1/refunds", new StripeForm(), key, null));
    }

    @Test
    void refusesASecretKeyThatIsNoneWithoutRepeatingIt() {
        StripeSettings settings = ScriptedStripe.settings("sk_test_abc\n", stripe.base(), 0, SHORT);

        assertThatIllegalStateException().isThrownBy(() -> calls(settings)).withMessageContaining("secret-key")
                .withMessageNotContaining("abc");
    }

    @Test
    void refusesToSendALiveKeyUnencrypted() {
        StripeSettings settings = ScriptedStripe.settings("sk_live_abc", stripe.base(), 0, SHORT);

        assertThatIllegalStateException().isThrownBy(() -> calls(settings)).withMessageContaining("https");
    }

    @Test
    void countsAndTimesCallsByOutcome() {
        stripe.answers(200, "{\"id\": \"re_1\"}").refuses(404, "{\"type\": \"invalid_request_error\"}");
        StripeCalls calls = stripe.calls();

        post(calls);
        assertThatThrownBy(() -> post(calls)).isInstanceOf(StripeRefused.ResourceMissing.class);

        assertThat(timed("ok")).isEqualTo(1);
        assertThat(timed("resource_missing")).isEqualTo(1);
    }

    @Test
    void listsPageAfterPage() {
        stripe.answers(200, "{\"data\": [{\"id\": \"a\"}, {\"id\": \"b\"}], \"has_more\": true}").answers(200,
                "{\"data\": [{\"id\": \"c\"}], \"has_more\": false}");

        List<String> ids = stripe.calls().all("refunds.list", "/v1/refunds",
                () -> StripeCalls.since(Instant.ofEpochSecond(1_600)), json -> json.path("id").asText());

        assertThat(ids).containsExactly("a", "b", "c");
        assertThat(stripe.asked().get(0).parameters()).isEqualTo(Map.of("created[gte]", "1000", "limit", "100"));
        assertThat(stripe.asked().get(1).parameters())
                .isEqualTo(Map.of("created[gte]", "1000", "limit", "100", "starting_after", "b"));
    }

    @Test
    void makesTheSameBytesFromTheSameRow() {
        UUID row = UUID.randomUUID();

        String first = new StripeForm().putMetadata("metadata", row, Map.of("b", "2", "a", "1")).encoded();
        String second = new StripeForm().putMetadata("metadata", row, Map.of("a", "1", "b", "2")).encoded();

        assertThat(first).isEqualTo(second).isEqualTo("metadata%5Ba%5D=1&metadata%5Bb%5D=2&metadata%5Bcoachpay_id%5D=" + row);
    }

    private long timed(String outcome) {
        return stripe.meters.get("coachpay.stripe.calls").tag("operation", "refunds.create").tag("outcome", outcome).timer()
                .count();
    }

    private static void post(StripeCalls calls) {
        calls.post("refunds.create", "/v1/refunds", new StripeForm().put("amount", 5), "k:1", null);
    }

    private StripeCalls calls(StripeSettings settings) {
        return new StripeCalls(settings, stripe.meters, OpenTelemetry.noop().getTracer("test"),
                StripeCallsTest::unlimited, key(), () -> Status.STATUS_NO_TRANSACTION);
    }

    private static void unlimited(String operation) {
    }

    private StripeKey key() {
        return new StripeKey(Clock.systemUTC(), stripe.meters);
    }

    private static void takeOneRequestAndHangUp(ServerSocket server) {
        try (server; Socket socket = server.accept()) {
            assertThat(socket.getInputStream().read()).isPositive();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
