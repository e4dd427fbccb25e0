package io.coachpay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.ApiDocument;
import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.coach.Reason;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payout.PayoutStatus;
import io.coachpay.reconciliation.Cause;
import io.coachpay.reconciliation.Kind;
import io.coachpay.refund.RefundStatus;
import io.coachpay.session.SessionStatus;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequestStatus;

/** The API's own description. */
@ServiceTest
class OpenApiTest {

    /** Public paths without any input that could be wrong. */
    private static final List<String> CANNOT_GO_WRONG = List.of("GET /v1/config");

    @Test
    void isTheDocumentThatIsCommitted() throws IOException {
        ApiDocument.compareOrWrite(served());
    }

    @Test
    void describesEveryOperation() {
        List<String> poor = new ArrayList<>();

        operations().forEach(operation -> {
            JsonNode it = operation.description();
            if (it.path("summary").asText().isBlank()) {
                poor.add(operation.name() + " has no summary");
            }
            if (it.path("tags").isEmpty()) {
                poor.add(operation.name() + " has no tag");
            }
            if (codes(it).stream().noneMatch(code -> code.startsWith("4")) && !CANNOT_GO_WRONG.contains(operation.name())) {
                poor.add(operation.name() + " says nothing of refusals");
            }
            if (codes(it).stream().noneMatch(code -> code.startsWith("2"))) {
                poor.add(operation.name() + " says nothing of success");
            }
            if (operation.name().contains("{id}") && !codes(it).contains("404")) {
                poor.add(operation.name() + " says nothing of what is not there");
            }
            it.path("responses").fields().forEachRemaining(response -> {
                if (response.getValue().path("description").asText().isBlank()) {
                    poor.add(operation.name() + " does not describe " + response.getKey());
                }
            });
        });

        assertThat(poor).isEmpty();
    }

    @Test
    void saysWhatEachSuccessAnswers() {
        List<String> poor = new ArrayList<>();

        operations().stream().filter(operation -> operation.name().contains(" /v1/")).forEach(operation -> operation
                .description().path("responses").fields().forEachRemaining(response -> {
                    boolean answers = response.getKey().startsWith("2") && !response.getKey().equals("204");
                    if (answers && response.getValue().path("content").path("application/json").path("schema").isEmpty()) {
                        poor.add(operation.name() + " does not say what it answers with " + response.getKey());
                    }
                }));

        assertThat(poor).isEmpty();
    }

    @Test
    void showsAnExampleOfEveryForm() {
        JsonNode schemas = document().path("components").path("schemas");
        List<String> poor = new ArrayList<>();

        operations().forEach(operation -> operation.description().path("requestBody").path("content").forEach(content -> {
            String form = content.path("schema").path("$ref").asText().replaceAll(".*/", "");
            JsonNode schema = schemas.path(form);
            boolean shown = hasExample(schema) || hasExample(content)
                    || schema.path("properties").findValues("examples").size() > 0;
            if (!shown && !operation.name().contains("/webhooks/")) {
                poor.add(operation.name() + " takes " + form + " without an example");
            }
        }));

        assertThat(poor).isEmpty();
    }

    @Test
    void tellsHowToSignIn() {
        JsonNode document = document();

        JsonNode schemes = document.path("components").path("securitySchemes");
        assertThat(schemes).hasSize(1);
        assertThat(schemes.iterator().next().path("type").asText()).isEqualTo("http");
        assertThat(schemes.iterator().next().path("scheme").asText()).isEqualTo("bearer");
        operations().forEach(operation -> {
            boolean open = !codes(operation.description()).contains("401");
            assertThat(operation.description().path("security").isEmpty()).as(operation.name()).isEqualTo(open);
        });
    }

    @Test
    void offersAKeyForEveryPost() {
        operations().stream().filter(operation -> operation.name().startsWith("POST /v1/"))
                .forEach(operation -> assertThat(operation.description().path("parameters").findValuesAsText("name"))
                        .as(operation.name()).contains("Idempotency-Key"));
    }

    @Test
    void describesProblems() {
        operations().forEach(operation -> operation.description().path("responses").fields()
                .forEachRemaining(response -> {
                    if (response.getKey().startsWith("4") || response.getKey().startsWith("5")) {
                        assertThat(response.getValue().path("content").has("application/problem+json"))
                                .as(operation.name() + " " + response.getKey()).isTrue();
                    }
                }));
    }

    @Test
    void namesEveryStateKindAndReason() {
        JsonNode schemas = document().path("components").path("schemas");

        named(schemas, "Refund", "status", RefundStatus.values());
        named(schemas, "AdminRefund", "status", RefundStatus.values());
        named(schemas, "Payout", "status", PayoutStatus.values());
        named(schemas, "Session", "status", SessionStatus.values());
        named(schemas, "Transaction", "status", PaymentStatus.values());
        named(schemas, "TransferStep", "kind", TransferRequest.Kind.values());
        named(schemas, "TransferStep", "purpose", TransferRequest.Purpose.values());
        named(schemas, "TransferStep", "status", TransferRequestStatus.values());
        named(schemas, "NextPayout", "blockedBy", Reason.values());
        named(schemas, "Finding", "kind", Kind.values());
        named(schemas, "Finding", "cause", Cause.values());
    }

    /** The property's enumeration, its own or that of the schema it refers to. */
    private static void named(JsonNode schemas, String schema, String property, Enum<?>[] all) {
        JsonNode described = schemas.path(schema).path("properties").path(property);
        JsonNode values = described.findValue("enum");
        JsonNode reference = described.findValue("$ref");
        if (values == null && reference != null) {
            values = schemas.path(reference.asText().replaceAll(".*/", "")).path("enum");
        }
        List<String> told = new ArrayList<>();
        if (values != null) {
            values.forEach(value -> told.add(value.asText()));
        }

        told.remove("null");
        assertThat(told).as("%s of %s", property, schema)
                .containsExactlyInAnyOrder(
                        Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toArray(String[]::new));
    }

    private static boolean hasExample(JsonNode described) {
        return described.has("examples") || described.has("example");
    }

    static List<String> codes(JsonNode operation) {
        List<String> codes = new ArrayList<>();
        operation.path("responses").fieldNames().forEachRemaining(codes::add);
        return codes;
    }

    /** An operation and its part of the document. */
    record Operation(String name, JsonNode description) {
    }

    static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document().path("paths").fields().forEachRemaining(path -> path.getValue().fields().forEachRemaining(
                method -> operations.add(new Operation(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                        method.getValue()))));
        return operations;
    }

    private static JsonNode document() {
        return Json.read(served());
    }

    private static String served() {
        return given().queryParam("format", "json").get("/q/openapi").then().statusCode(200).extract().asString();
    }
}
