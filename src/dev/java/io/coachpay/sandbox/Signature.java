package io.coachpay.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a webhook's body.
 *
 * @see <a href="https://docs.stripe.com/webhooks#verify-manually">Stripe: verify webhook signatures manually</a>
 */
final class Signature {

    private Signature() {
    }

    /** The value of {@code Stripe-Signature}: the wall-clock second of sending and one signature for each secret. */
    static String header(List<String> secrets, long seconds, byte[] body) {
        StringBuilder header = new StringBuilder("t=").append(seconds);
        secrets.forEach(secret -> header.append(",v1=").append(sign(secret, seconds, body)));
        return header.toString();
    }

    private static String sign(String secret, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", missing);
        }
    }
}
