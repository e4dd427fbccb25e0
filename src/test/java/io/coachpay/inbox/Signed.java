package io.coachpay.inbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as Stripe does, written apart from the code that verifies. */
final class Signed {

    static final String PLATFORM_SECRET = "whsec_dev_platform";
    static final String NEXT_PLATFORM_SECRET = "whsec_next_platform";
    static final String CONNECT_SECRET = "whsec_dev_connect";

    private Signed() {
    }

    /** The whole header. */
    static String header(String secret, String body, Instant at) {
        return "t=" + at.getEpochSecond() + ",v1=" + hash(secret, body, at);
    }

    static String hash(String secret, String body, Instant at) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signed = (at.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(mac.doFinal(signed));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
