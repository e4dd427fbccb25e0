package io.coachpay.inbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.coachpay.inbox.WebhookRefused.Reason;

/**
 * The signing secrets of one endpoint, any of which may have signed: two while one is rotated.
 *
 * @see <a href="https://docs.stripe.com/webhooks#roll-endpoint-secrets">Stripe: roll endpoint signing secrets</a>
 */
final class SigningSecrets {

    private static final String ALGORITHM = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    /** One for each secret, with its key set; copied for each signature, since they carry state. */
    private final List<Mac> keyed;
    private final Duration tolerance;

    SigningSecrets(List<String> secrets, Duration tolerance) {
        this.keyed = secrets.stream().map(String::strip).filter(secret -> !secret.isEmpty()).map(SigningSecrets::keyed)
                .toList();
        this.tolerance = tolerance;
    }

    /** Whether there is no secret. Without one nothing could be verified, so the endpoint is closed. */
    boolean isEmpty() {
        return keyed.isEmpty();
    }

    /**
     * Requires that Stripe signed these very bytes, and lately.
     *
     * @param now by the wall clock, since Stripe signs by it
     * @throws WebhookRefused otherwise
     */
    void verify(Signature signature, byte[] body, Instant now) {
        boolean genuine = false;
        for (Mac prototype : keyed) {
            // No short cut: response times must not tell which secret fits.
            genuine |= signs(prototype, signature, body);
        }
        if (!genuine) {
            throw new WebhookRefused(Reason.WRONG_SIGNATURE, "No signature matches a signing secret of this endpoint");
        }
        requireInTime(signature, now);
    }

    /**
     * Requires that the signature is recent, without checking what was signed by whom.
     *
     * @throws WebhookRefused otherwise
     */
    void requireInTime(Signature signature, Instant now) {
        long age = now.getEpochSecond() - signature.seconds();
        if (Math.abs(age) > tolerance.toSeconds()) {
            throw new WebhookRefused(Reason.OUT_OF_TIME, "The signature is " + Math.abs(age) + " seconds "
                    + (age > 0 ? "old" : "ahead") + ", " + tolerance.toSeconds() + " are allowed");
        }
    }

    private static boolean signs(Mac prototype, Signature signature, byte[] body) {
        byte[] expected = HEX.formatHex(hash(prototype, signature.time(), body)).getBytes(StandardCharsets.US_ASCII);
        boolean found = false;
        for (String given : signature.hashes()) {
            found |= MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }

    private static byte[] hash(Mac prototype, String time, byte[] body) {
        try {
            Mac mac = (Mac) prototype.clone();
            mac.update(time.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) '.');
            return mac.doFinal(body);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Every Java platform copies its " + ALGORITHM, e);
        }
    }

    private static Mac keyed(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
