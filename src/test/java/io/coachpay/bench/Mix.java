package io.coachpay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The events of one payment on Stripe's page, by a new customer whose bank asks for a confirmation: as the sandbox sends them,
 * in its order, and {@code payment.created} of the connected account, which the sandbox does not send.
 */
final class Mix {

    /** Begins the ids of these events. */
    static final String EVENT_IDS = "evt_mix";

    private static final String OF_ACCOUNT = "payment.created";
    private static final String SUCCEEDED = "payment_intent.succeeded";
    private static final String CHARGED = "charge.succeeded";
    private static final List<String> TYPES = List.of("customer.created", "payment_intent.created",
            "payment_intent.requires_action", CHARGED, SUCCEEDED, "checkout.session.completed", "transfer.created",
            "application_fee.created", OF_ACCOUNT, "charge.updated");
    private static final Map<String, String> TEMPLATES = templates();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Events of a payment. */
    static final int EVENTS = TYPES.size();

    private Mix() {
    }

    /** A payment's events in the order in which they happen. */
    static List<byte[]> deliveries(Booking booking) {
        List<byte[]> requests = new ArrayList<>();
        for (String type : TYPES) {
            requests.add(type.equals(OF_ACCOUNT) ? Deliveries.signedForAccount(body(type, booking))
                    : Deliveries.signed(body(type, booking)));
        }
        return requests;
    }

    /** The paid PaymentIntent as Stripe answers it, with its charge in it. */
    static byte[] paymentIntent(Booking booking) {
        try {
            ObjectNode intent = (ObjectNode) object(SUCCEEDED, booking);
            intent.set("latest_charge", object(CHARGED, booking));
            return JSON.writeValueAsBytes(intent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode object(String type, Booking booking) throws IOException {
        return JSON.readTree(body(type, booking)).path("data").path("object");
    }

    private static String body(String type, Booking booking) {
        String unique = booking.paymentId().replace("-", "");
        return Deliveries.filled(TEMPLATES.get(type),
                Map.of("event", EVENT_IDS + unique + TYPES.indexOf(type), "unique", unique,
                        "created", Instant.now().getEpochSecond(), "payment", booking.paymentId(), "account", booking.account(),
                        "amount", booking.amount(), "fee", booking.fee()));
    }

    private static Map<String, String> templates() {
        Map<String, String> templates = new HashMap<>();
        TYPES.forEach(type -> templates.put(type, Deliveries.resource("mix/" + type + ".json")));
        return templates;
    }
}
