package io.coachpay.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

/** Values of fields and parameters: as their schema says, at its edges, or beyond them. */
final class FuzzValues {

    private static final List<String> TEXTS = List.of("", " ", "a", "0", "-1", "1.5", "NaN", "null", "true", "\u0000", "a\nb",
            "\r\n",
            "\ud83d\ude00", "\u202e", "\ufeff", "\ufffe", "'", "\"", "\\", "%", "%00", "%n", "${x}", "{x}", "../..", "<script>",
            "' or 1=1 --",
            "9".repeat(40), "x".repeat(300), "x".repeat(5000), "\u00fc".repeat(200), "1e999999999", "0x10", "\u0661\u0662",
            "USD", "xxx", "EUR",
            "https://example.com", "http://[", "mailto:a@b", "a@b.c", "2030-05", "0000-00", "99999-99", "P1D", "Europe/Zurich");
    private static final List<String> TIMES = List.of("2030-05-06T09:00:00Z", "2099-01-01T00:00:00.999999999Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "+300000-01-01T00:00:00Z", "-5000-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59Z", "+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z", "2030-02-30T00:00:00Z",
            "2030-05-06", "2030-05-06T24:00:00Z", "2030-05-06T23:59:60Z", "2030-05-06T09:00:00+99:00",
            "2030-05-06T09:00:00+02:00");
    private static final List<String> NUMBERS = List.of("0", "-0", "1", "15", "60", "75", "100", "101", "-1", "2147483647",
            "2147483648",
            "-2147483648", "9223372036854775807", "9223372036854775808", "1e400", "1e-400", "0.1", "1E5",
            "99999999999999999999999");
    private static final List<String> AMOUNTS = List.of("0", "0.00", "1.00", "125.00", "-1.00", "0.001", "1e2", "1E+400",
            "1e-400", "1,00",
            " 1.00", "00001.00", "999999999999999.99", "99999999999999999999.00", "0." + "0".repeat(500), "1".repeat(600),
            "\u0661.00", "");
    private static final int DEEPEST = 6;

    private final SplittableRandom random;
    private final JsonNode schemas;
    private final List<String> ids;

    FuzzValues(SplittableRandom random, JsonNode schemas, List<String> ids) {
        this.random = random;
        this.schemas = schemas;
        this.ids = ids;
    }

    /** What may stand for an id in a path, encoded. */
    String id() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> ids.isEmpty() ? uuid() : one(ids);
            case 4, 5 -> uuid();
            case 6 -> one(List.of("pi_", "ch_", "re_", "tr_", "acct_", "evt_", "po_", "dp_", "cus_")) + letters();
            case 7 -> uuid().substring(0, random.nextInt(36)) + "x";
            default -> URLEncoder.encode(one(TEXTS), StandardCharsets.UTF_8);
        };
    }

    /** A parameter's value, encoded, or not quite. */
    String query(JsonNode schema) {
        String value = unquoted(of(schema, DEEPEST));
        return random.nextInt(15) == 0 ? one(List.of("%", "%zz", "%c3%28", "%00", "+", "%ed%a0%80", ""))
                : URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** What a header's line can carry. */
    String headerText() {
        String text = random.nextInt(3) == 0 ? one(TEXTS) : uuid();
        return text.replaceAll("[\\r\\n\\x00]", "").replaceAll("[^\\x20-\\x7e\\xa0-\\xff]", "");
    }

    String letters() {
        return IntStream.range(0, 1 + random.nextInt(12)).mapToObj(i -> String.valueOf((char) ('a' + random.nextInt(26))))
                .collect(Collectors.joining());
    }

    /** Any JSON at all. */
    String json() {
        return switch (random.nextInt(8)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> one(NUMBERS);
            case 3 -> "[" + json() + "]";
            case 4 -> "{}";
            case 5 -> "{\"" + letters() + "\": " + json() + "}";
            default -> quoted(one(TEXTS));
        };
    }

    /** A value for a schema: mostly one that it describes. */
    String of(JsonNode schema, int depth) {
        JsonNode described = resolved(schema);
        if (random.nextInt(14) == 0) {
            return json();
        }
        if (described.has("enum")) {
            return quoted(random.nextInt(5) == 0 ? one(TEXTS)
                    : described.path("enum").path(random.nextInt(described.path("enum").size())).asText());
        }
        String type = described.path("type").isArray() ? described.path("type").path(0).asText()
                : described.path("type").asText();
        return switch (type) {
            case "object" -> object(described, depth);
            case "array" -> IntStream.range(0, random.nextInt(4)).mapToObj(i -> of(described.path("items"), depth + 1))
                    .collect(Collectors.joining(",", "[", "]"));
            case "integer", "number" -> one(NUMBERS);
            case "boolean" -> random.nextBoolean() ? "true" : "false";
            default -> quoted(text(described));
        };
    }

    private String object(JsonNode schema, int depth) {
        List<String> members = new ArrayList<>();
        schema.path("properties").fields().forEachRemaining(property -> {
            if (depth < DEEPEST && random.nextInt(6) > 0) {
                String value = property.getKey().equals("amount") && !property.getValue().has("$ref") && random.nextInt(3) > 0
                        ? quoted(one(AMOUNTS))
                        : of(property.getValue(), depth + 1);
                members.add(quoted(property.getKey()) + ": " + value);
            }
        });
        if (random.nextInt(15) == 0) {
            members.add(quoted(letters()) + ": " + json());
        }
        if (!members.isEmpty() && random.nextInt(25) == 0) {
            members.add(members.get(0));
        }
        return members.stream().collect(Collectors.joining(", ", "{", "}"));
    }

    private String text(JsonNode schema) {
        JsonNode examples = schema.path("examples");
        String format = schema.path("format").asText();
        if (format.equals("uuid")) {
            return random.nextInt(3) == 0 && !ids.isEmpty() ? one(ids) : random.nextInt(6) == 0 ? one(TEXTS) : uuid();
        }
        if (format.equals("date-time")) {
            return one(TIMES);
        }
        if (!examples.isEmpty() && random.nextBoolean()) {
            return examples.path(random.nextInt(examples.size())).asText();
        }
        return one(random.nextInt(8) == 0 ? TIMES : TEXTS);
    }

    private JsonNode resolved(JsonNode schema) {
        if (schema.has("$ref")) {
            return schemas.path(schema.path("$ref").asText().replaceAll(".*/", ""));
        }
        for (String all : List.of("allOf", "anyOf", "oneOf")) {
            if (schema.has(all)) {
                return resolved(schema.path(all).path(0));
            }
        }
        return schema;
    }

    private String uuid() {
        return new UUID((random.nextLong() & ~0xf000L) | 0x7000L, (random.nextLong() >>> 2) | Long.MIN_VALUE).toString();
    }

    private static String unquoted(String json) {
        return json.startsWith("\"") ? json.substring(1, json.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\") : json;
    }

    /** As JSON; control characters raw now and then, which JSON does not allow. */
    private String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return "\"" + (random.nextInt(10) == 0 ? escaped
                : escaped.replace("\u0000", "\\u0000").replace("\n", "\\n").replace("\r", "\\r")) + "\"";
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
