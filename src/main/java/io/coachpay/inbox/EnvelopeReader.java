package io.coachpay.inbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.coachpay.inbox.WebhookRefused.Reason;

/**
 * Reads an event's envelope in one pass over its bytes, without building anything of the rest. It reads to the end: a body that
 * is not JSON throughout is refused.
 */
final class EnvelopeReader {

    /** Takes any bytes for UTF-8: they are stored as such. */
    private static final JsonFactory JSON = new JsonFactoryBuilder().disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
    /** Java's replacement for bytes that it cannot read. */
    private static final char UNREADABLE = '\uFFFD';
    private static final Pattern EVENT_ID = Pattern.compile("evt_[a-zA-Z0-9_]{1,200}");
    private static final Pattern ACCOUNT = Pattern.compile("acct_[a-zA-Z0-9]{1,200}");
    private static final Pattern TYPE = Pattern.compile("[a-zA-Z0-9_.\\[\\]-]{1,200}");
    private static final Pattern API_VERSION = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    /** The end of the year 9999; a later time is a mistake. */
    private static final long LATEST_SECOND = 253_402_300_799L;

    private @Nullable String object;
    private @Nullable String eventId;
    private @Nullable String type;
    private @Nullable String account;
    private @Nullable String context;
    private @Nullable String apiVersion;
    private @Nullable Instant created;
    private @Nullable Boolean livemode;
    private boolean data;

    private EnvelopeReader() {
    }

    /**
     * The body as the text it must be.
     *
     * @throws WebhookRefused when it is empty, or not in UTF-8
     */
    static String text(byte[] body) {
        if (body.length == 0) {
            throw malformed("The body is empty");
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.indexOf(UNREADABLE) < 0) {
            return text;
        }
        try {
            // That character may also have been sent. Unlike the constructor, the decoder refuses unreadable bytes, so the
            // stored text is the signed one.
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("The body is not in UTF-8");
        }
    }

    /**
     * Reads the envelope.
     *
     * @throws WebhookRefused when it is not JSON, or not an event
     */
    static Envelope read(String body) {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the envelope from a body that is known to be text.
     *
     * @throws WebhookRefused when it is not JSON, or not an event
     */
    static Envelope read(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            return new EnvelopeReader().read(json);
        } catch (IOException e) {
            // Jackson's message would quote the body.
            throw malformed("The body is not JSON");
        }
    }

    private Envelope read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("The body is not a JSON object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            take(json, field, value);
            json.skipChildren();
        }
        if (json.nextToken() != null) {
            throw malformed("The body goes on after the event");
        }
        return envelope();
    }

    private void take(JsonParser json, String field, JsonToken value) throws IOException {
        switch (field) {
            case "object" -> object = once(field, object, text(json, value));
            case "id" -> eventId = once(field, eventId, text(json, value));
            case "type" -> type = once(field, type, text(json, value));
            case "account" -> account = once(field, account, text(json, value));
            case "context" -> context = once(field, context, text(json, value));
            case "api_version" -> apiVersion = once(field, apiVersion, text(json, value));
            case "created" -> created = once(field, created, time(json, value));
            case "livemode" -> livemode = once(field, livemode, value.isBoolean() ? json.getBooleanValue() : null);
            case "data" -> data = value == JsonToken.START_OBJECT;
            default -> {
                // is stored with the rest
            }
        }
    }

    private Envelope envelope() {
        boolean thin = object != null && object.startsWith("v2.");
        if (!thin && !data) {
            throw malformed("The event has no data");
        }
        return new Envelope(
                required("id", eventId, EVENT_ID), required("type", type, TYPE), accountOf(thin),
                apiVersion == null ? null : required("api_version", apiVersion, API_VERSION),
                required("created", created), required("livemode", livemode), thin);
    }

    /** Thin events name the account as their context, which may also be something else. */
    private @Nullable String accountOf(boolean thin) {
        if (thin && account == null) {
            return context != null && ACCOUNT.matcher(context).matches() ? context : null;
        }
        return account == null ? null : required("account", account, ACCOUNT);
    }

    private static @Nullable String text(JsonParser json, JsonToken value) throws IOException {
        return value == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    /** Seconds since 1970; in thin events a time in ISO 8601. */
    private static @Nullable Instant time(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long seconds = json.getLongValue();
            return seconds < 0 || seconds > LATEST_SECOND ? null : Instant.ofEpochSecond(seconds);
        }
        if (value != JsonToken.VALUE_STRING) {
            return null;
        }
        try {
            Instant time = Instant.parse(json.getText());
            return time.getEpochSecond() < 0 || time.getEpochSecond() > LATEST_SECOND ? null : time;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static <T> @Nullable T once(String field, @Nullable T before, @Nullable T value) {
        if (before != null) {
            throw malformed("The event has two fields " + field);
        }
        return value;
    }

    private static String required(String field, @Nullable String value, Pattern pattern) {
        String text = required(field, value);
        if (!pattern.matcher(text).matches()) {
            throw malformed("The event's " + field + " is not one of Stripe's");
        }
        return text;
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw malformed("The event has no " + field);
        }
        return value;
    }

    private static WebhookRefused malformed(String how) {
        return new WebhookRefused(Reason.MALFORMED_EVENT, how);
    }
}
