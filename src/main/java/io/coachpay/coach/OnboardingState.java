package io.coachpay.coach;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeSettings;

/**
 * Signs and reads the state that names the account of a browser that comes back from Stripe: the account row's id and an end.
 * It lets its holder have the account read again, and shows nothing.
 */
@ApplicationScoped
class OnboardingState {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNED_BYTES = 3 * Long.BYTES;
    private static final int MAC_BYTES = 32;

    private final SecretKeySpec key;
    private final ConnectSettings settings;
    private final Clock clock;

    OnboardingState(ConnectSettings settings, StripeSettings stripe, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        byte[] secret = settings.stateKey().orElseGet(stripe::secretKey).getBytes(StandardCharsets.UTF_8);
        // Derived, so that a signature reveals nothing about a key that has other uses too.
        this.key = new SecretKeySpec(mac(new SecretKeySpec(secret, ALGORITHM),
                "coachpay onboarding state".getBytes(StandardCharsets.UTF_8)), ALGORITHM);
    }

    /** A state for that account row, valid from now on. */
    String of(UUID row) {
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES).putLong(row.getMostSignificantBits())
                .putLong(row.getLeastSignificantBits())
                .putLong(clock.instant().plus(settings.stateLasts()).getEpochSecond()).array();
        byte[] mac = mac(key, signed);
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(ByteBuffer.allocate(SIGNED_BYTES + MAC_BYTES).put(signed).put(mac).array());
    }

    /** The account row of a state; null for a state that we did not sign, or that has ended. */
    @Nullable
    UUID row(@Nullable String state) {
        byte[] bytes = decoded(state);
        if (bytes.length != SIGNED_BYTES + MAC_BYTES) {
            return null;
        }
        byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
        if (!MessageDigest.isEqual(mac(key, signed), Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length))) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(signed);
        UUID row = new UUID(fields.getLong(), fields.getLong());
        return clock.instant().isAfter(Instant.ofEpochSecond(fields.getLong())) ? null : row;
    }

    private static byte[] decoded(@Nullable String state) {
        try {
            return state == null ? new byte[0] : Base64.getUrlDecoder().decode(state);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] mac(SecretKeySpec key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
