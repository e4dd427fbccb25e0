package io.coachpay.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Webhook;

/** Requests made from the API's own description, most of them slightly off. The same seed makes the same ones. */
final class FuzzRequests {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
            "CONNECT", "PROPFIND", "X");
    private static final List<String> TYPES = List.of("application/json", "application/json; charset=utf-8", "text/plain", "x",
            "", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=",
            "application/json; charset=nonsense", "application/json;;", "a/b, c/d", "application/json; charset=\"", "*/*",
            "application/vnd.x+json", "application/json\tx", "\u00fc/\u00fc");
    private static final List<String> ACCEPTED = List.of("application/json", "*/*", "text/csv", "image/png", "x", "",
            "a/b; q=x",
            "application/problem+json", "text/html, */*;q=0.1", "application/*", ",,,", "*", "text/csv;charset=nonsense");
    private static final List<String> ODD_HEADERS = List.of("Cookie: =", "Cookie: a=\"", "Cookie: $Version=1; x",
            "Range: bytes=0-",
            "Accept-Language: -", "Accept-Encoding: gzip;q=x", "If-None-Match: *", "If-Modified-Since: never", "Origin: null",
            "Forwarded: for=\"", "X-Forwarded-For: ,", "X-Forwarded-Proto: x", "X-Forwarded-Prefix: //", "traceparent: 00-x",
            "X-HTTP-Method-Override: DELETE", "Upgrade: websocket", "Content-Encoding: gzip", "Expect: 100-continue", "TE: x",
            "Accept-Charset: x", "Content-Language: -", "Date: x", "Via: x", "Access-Control-Request-Method: X", "Prefer: x");
    private static final List<Charset> CHARSETS = List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_8,
            StandardCharsets.UTF_8,
            StandardCharsets.UTF_16, StandardCharsets.ISO_8859_1, Charset.forName("UTF-32"));
    private static final String WEBHOOK = """
            {"id": "evt_%s", "object": "event", "api_version": "2026-07-29.dahlia", "created": %s, "livemode": %s,
             "type": "test.fuzz.%s", "account": %s, "data": {"object": %s}}""";

    private final List<OpenApiTest.Operation> operations;
    private final JsonNode schemas;
    private final List<String> tokens;
    private final List<String> ids;

    /**
     * @param tokens of the callers
     * @param ids of objects that they may see, which may grow
     */
    FuzzRequests(List<OpenApiTest.Operation> operations, JsonNode schemas, List<String> tokens, List<String> ids) {
        this.operations = operations;
        this.schemas = schemas;
        this.tokens = tokens;
        this.ids = ids;
    }

    /** A request, as it goes over the wire. */
    record Request(String method, String path, byte[] bytes) {

        @Override
        public String toString() {
            String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r", "");
            return text.length() > 3000 ? text.substring(0, 3000) + "… (" + text.length() + " bytes)" : text;
        }
    }

    Request next(SplittableRandom random) {
        OpenApiTest.Operation operation = one(random, operations);
        String method = random.nextInt(12) == 0 ? one(random, METHODS) : operation.name().split(" ")[0];
        FuzzValues values = new FuzzValues(random, schemas, ids);
        String path = path(random, values, operation);
        byte[] body = body(random, values, operation, method);
        List<String> head = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost"));
        headers(random, values, operation, head, body);
        boolean chunked = body.length > 0 && random.nextInt(8) == 0;
        if (chunked) {
            head.add("Transfer-Encoding: chunked");
        } else if (body.length > 0 || random.nextBoolean()) {
            head.add("Content-Length: " + body.length);
        }
        return new Request(method, path, wire(head, body, chunked));
    }

    private static String path(SplittableRandom random, FuzzValues values, OpenApiTest.Operation operation) {
        String path = operation.name().split(" ")[1];
        for (JsonNode parameter : operation.description().path("parameters")) {
            if (parameter.path("in").asText().equals("path")) {
                path = path.replace("{" + parameter.path("name").asText() + "}", values.id());
            }
        }
        path = path.replaceAll("\\{[^}]*}", "x");
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.description().path("parameters")) {
            for (int i = 0; parameter.path("in").asText().equals("query") && i < random.nextInt(3); i++) {
                query.append(query.isEmpty() ? "?" : "&").append(parameter.path("name").asText());
                query.append(random.nextInt(12) == 0 ? "" : "=").append(values.query(parameter.path("schema")));
            }
        }
        String odd = random.nextInt(25) == 0
                ? one(random, List.of("/", "//", ";a=b", ";", "/..", "/.", "%2e%2e/", "%", "%zz", "%00",
                        "?", "?&&=", "?%", "?%ff=%ff", "?a=%u0041", "#x", "%C3%28", "\\", "?" + "a=1&".repeat(400)))
                : "";
        return path + (odd.startsWith("?") && !query.isEmpty() ? query + "&" + odd.substring(1) : odd + query);
    }

    private void headers(SplittableRandom random, FuzzValues values, OpenApiTest.Operation operation, List<String> head,
            byte[] body) {
        int who = random.nextInt(20);
        if (who > 2) {
            head.add("Authorization: Bearer " + one(random, tokens));
        } else if (who > 0) {
            head.add(
                    "Authorization: " + one(random, List.of("", "Bearer", "Bearer x", "Bearer a.b.c", "Basic x", "Negotiate")));
        }
        if (body.length > 0 || random.nextInt(6) == 0) {
            head.add("Content-Type: " + (random.nextInt(4) > 0 ? TYPES.get(0) : one(random, TYPES)));
        }
        if (random.nextInt(4) == 0) {
            head.add("Accept: " + one(random, ACCEPTED));
        }
        if (random.nextInt(5) == 0) {
            head.add("Idempotency-Key: " + values.headerText());
        }
        for (int i = random.nextInt(6) - 3; i > 0; i--) {
            head.add(one(random, ODD_HEADERS));
        }
        if (operation.name().contains("/webhooks/")) {
            long time = Instant.now().getEpochSecond();
            String secret = operation.name().endsWith("/connect") ? "whsec_dev_connect" : "whsec_dev_platform";
            head.add("Stripe-Signature: " + (random.nextInt(6) == 0 ? values.headerText()
                    : "t=" + time + ",v1="
                            + Webhook.signature(secret, time, new String(body, StandardCharsets.UTF_8))));
        }
    }

    private byte[] body(SplittableRandom random, FuzzValues values, OpenApiTest.Operation operation, String method) {
        if (operation.name().contains("/webhooks/")) {
            return bytes(random, WEBHOOK.formatted(values.letters(), values.json(), random.nextInt(8) == 0 ? "true" : "false",
                    values.letters(), random.nextInt(3) == 0 ? values.json() : "\"acct_fuzz\"", values.json()));
        }
        JsonNode schema = operation.description().path("requestBody").path("content").path("application/json").path("schema");
        if (schema.isMissingNode()) {
            return random.nextInt(10) > 0 || method.equals("CONNECT") ? new byte[0] : bytes(random, values.json());
        }
        return switch (random.nextInt(24)) {
            case 0 -> new byte[0];
            case 1 -> bytes(random, values.json());
            case 2 -> bytes(random, "[".repeat(random.nextInt(20_000)));
            case 3 -> bytes(random, "{\"a\":".repeat(random.nextInt(5_000)) + "1");
            case 4 -> bytes(random, " ".repeat(random.nextInt(70_000)) + values.of(schema, 0));
            default -> bytes(random, values.of(schema, 0));
        };
    }

    /** The body in some encoding, cut short now and then, or with an invalid byte. */
    private static byte[] bytes(SplittableRandom random, String text) {
        byte[] bytes = text.getBytes(one(random, CHARSETS));
        if (bytes.length > 0 && random.nextInt(15) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) > 0 ? bytes : java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }

    private static byte[] wire(List<String> head, byte[] body, boolean chunked) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes((String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        if (chunked) {
            wire.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        wire.writeBytes(body);
        if (chunked) {
            wire.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return wire.toByteArray();
    }

    private static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
