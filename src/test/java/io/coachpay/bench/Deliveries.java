package io.coachpay.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.coachpay.packaged.PackagedService;

/**
 * Events as Stripe delivers them, 4.3 kB each, signed beforehand: while a measurement runs, its client has nothing to compute.
 */
final class Deliveries {

    private static final String EVENT = resource("payment-intent.json");

    private Deliveries() {
    }

    /** Events of a type that the service stores and no handler takes. */
    static List<byte[]> ofNoConcern(int count) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(signed(event("payment_intent.created", Booking.ANY)));
        }
        return requests;
    }

    /** One event for each booking: its payment has succeeded. */
    static List<byte[]> paid(List<Booking> bookings) {
        return bookings.stream().map(booking -> signed(event("payment_intent.succeeded", booking))).toList();
    }

    /** The body of an event. */
    static String event(String type, Booking booking) {
        String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return filled(EVENT, Map.of("type", type, "event", "evt_" + unique, "unique", unique, "charge", "ch_3" + unique,
                "created", Instant.now().getEpochSecond(), "intent", booking.paymentIntent(), "payment", booking.paymentId(),
                "account", booking.account(), "amount", booking.amount(), "fee", booking.fee()));
    }

    /** A file of this benchmark's resources. */
    static String resource(String name) {
        try (InputStream file = Deliveries.class.getResourceAsStream("/bench/" + name)) {
            if (file == null) {
                throw new IllegalStateException("bench/" + name + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text with each <code>${name}</code> replaced. */
    static String filled(String text, Map<String, ?> values) {
        UnaryOperator<String> fill = name -> String.valueOf(values.get(name));
        return Pattern.compile("\\$\\{(\\w+)}").matcher(text).replaceAll(name -> fill.apply(name.group(1)));
    }

    /** A request to the platform's endpoint. */
    static byte[] signed(String body) {
        return signed("/webhooks/stripe", PackagedService.PLATFORM_SECRET, body);
    }

    /** A request to the endpoint of connected accounts. */
    static byte[] signedForAccount(String body) {
        return signed("/webhooks/stripe/connect", PackagedService.CONNECT_SECRET, body);
    }

    private static byte[] signed(String path, String secret, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        long now = Instant.now().getEpochSecond();
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n"
                + "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nStripe-Signature: t=" + now + ",v1="
                + signature(secret, now, bytes) + "\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, request, head.length, bytes.length);
        return request;
    }

    static String signature(String secret, long now, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((now + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
