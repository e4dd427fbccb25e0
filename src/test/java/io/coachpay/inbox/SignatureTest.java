package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.inbox.WebhookRefused.Reason;

class SignatureTest {

    private static final String SECRET = "whsec_one";
    private static final String BODY = "{\"id\":\"evt_1\",\"note\":\"Zürich\"}";
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final SigningSecrets secrets = secrets(SECRET);

    @Test
    void acceptsWhatStripeSigned() {
        assertThatCode(() -> verify(Signed.header(SECRET, BODY, NOW))).doesNotThrowAnyException();
    }

    @Test
    void acceptsStripesOwnExampleOfTheHeadersForm() {
        Signature signature = Signature
                .of(List.of("t=1492774577,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd,"
                        + "v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"));

        assertThat(signature.seconds()).isEqualTo(1492774577L);
        assertThat(signature.hashes()).containsExactly("5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd");
    }

    @Test
    void acceptsAnyOfSeveralSignatures() {
        String header = "t=" + NOW.getEpochSecond() + ",v1=" + "0".repeat(64) + ",v1=" + Signed.hash(SECRET, BODY, NOW);

        assertThatCode(() -> verify(header)).doesNotThrowAnyException();
    }

    @Test
    void acceptsOldAndNewSecretWhileOneIsRotated() {
        SigningSecrets both = secrets(SECRET, "whsec_two");

        for (String secret : List.of(SECRET, "whsec_two")) {
            assertThatCode(() -> both.verify(Signature.of(List.of(Signed.header(secret, BODY, NOW))), bytes(BODY), NOW))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void refusesARetiredSecret() {
        SigningSecrets onlyNew = secrets("whsec_two");

        assertRefused(Reason.WRONG_SIGNATURE,
                () -> onlyNew.verify(Signature.of(List.of(Signed.header(SECRET, BODY, NOW))), bytes(BODY), NOW));
    }

    @Test
    void refusesWithoutSignature() {
        assertRefused(Reason.UNSIGNED, () -> Signature.of(List.of()));
        assertRefused(Reason.UNSIGNED, () -> Signature.of(List.of(" ")));
    }

    @Test
    void refusesTheHeaderTwice() {
        String header = Signed.header(SECRET, BODY, NOW);

        assertRefused(Reason.MALFORMED_SIGNATURE, () -> Signature.of(List.of(header, header)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "nonsense", "t=1", "v1=ab", "t=,v1=ab", "t=-1,v1=ab", "t=1e3,v1=ab", "t=1,t=2,v1=ab", "=,v1=ab",
            "t=1234567890123,v1=ab", "t=1,v1=ab,", "t=1;v1=ab", "t=١,v1=ab", "T=1,V1=ab", "t=1,v2=ab" })
    void refusesHeadersThatStripeWouldNotWrite(String header) {
        assertRefused(Reason.MALFORMED_SIGNATURE, () -> Signature.of(List.of(header)));
    }

    @Test
    void refusesAnEndlessHeader() {
        assertRefused(Reason.MALFORMED_SIGNATURE, () -> Signature.of(List.of("t=1,v1=" + "a".repeat(5000))));
    }

    @Test
    void refusesATamperedBody() {
        String header = Signed.header(SECRET, BODY, NOW);

        assertRefused(Reason.WRONG_SIGNATURE,
                () -> secrets.verify(Signature.of(List.of(header)), bytes(BODY.replace("1", "2")), NOW));
    }

    @Test
    void refusesATamperedTime() {
        String header = "t=" + (NOW.getEpochSecond() + 1) + ",v1=" + Signed.hash(SECRET, BODY, NOW);

        assertRefused(Reason.WRONG_SIGNATURE, () -> verify(header));
    }

    @Test
    void refusesATruncatedSignature() {
        String whole = Signed.header(SECRET, BODY, NOW);

        for (int length : new int[] { 1, 2, 32, 63 }) {
            String header = whole.substring(0, whole.length() - length);
            assertRefused(Reason.WRONG_SIGNATURE, () -> verify(header));
        }
    }

    @Test
    void refusesTheSignatureUnderAnotherScheme() {
        String header = "t=" + NOW.getEpochSecond() + ",v0=" + Signed.hash(SECRET, BODY, NOW) + ",v1=" + "0".repeat(64);

        assertRefused(Reason.WRONG_SIGNATURE, () -> verify(header));
    }

    @Test
    void refusesWhatIsTooOldOrTooFarAhead() {
        for (long seconds : new long[] { -301, 301, -86_400, 86_400 }) {
            assertRefused(Reason.OUT_OF_TIME, () -> verify(Signed.header(SECRET, BODY, NOW.plusSeconds(seconds))));
        }
        for (long seconds : new long[] { -300, 300 }) {
            assertThatCode(() -> verify(Signed.header(SECRET, BODY, NOW.plusSeconds(seconds)))).doesNotThrowAnyException();
        }
    }

    @Test
    void isClosedWithoutASecret() {
        assertThat(secrets().isEmpty()).isTrue();
        assertThat(secrets("", "  ").isEmpty()).isTrue();
        assertRefused(Reason.WRONG_SIGNATURE, () -> secrets("").verify(Signature.of(List.of("t=1,v1=")), bytes(BODY), NOW));
    }

    private void verify(String header) {
        secrets.verify(Signature.of(List.of(header)), bytes(BODY), NOW);
    }

    private static SigningSecrets secrets(String... secrets) {
        return new SigningSecrets(List.of(secrets), Duration.ofMinutes(5));
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(Reason reason, Runnable attempt) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(WebhookRefused.class,
                refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
