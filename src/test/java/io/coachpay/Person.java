package io.coachpay;

import static io.coachpay.Requests.given;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** A user of the API, signed in by a token of the development identity provider. */
public final class Person {

    /** A token lasts five minutes, and callers keep theirs for a while. */
    private static final Duration ADMIN_KEPT = Duration.ofMinutes(1);

    /** Kept, because signing a token costs more than most requests. */
    private static @Nullable Person admin;
    private static Instant adminSince = Instant.MIN;

    private final String name;
    private final String token;

    private Person(String name) {
        this.name = name;
        this.token = Json.read(given().queryParam("user", name).get("/dev/token").then().statusCode(200).extract().asString())
                .required("access_token").textValue();
    }

    /** A new person. */
    public static Person called(String name) {
        return new Person(name + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** The administrator, with a token of the last minute. */
    public static synchronized Person admin() {
        Person kept = admin;
        Instant now = Instant.now();
        if (kept == null || adminSince.plus(ADMIN_KEPT).isBefore(now)) {
            kept = new Person("admin");
            admin = kept;
            adminSince = now;
        }
        return kept;
    }

    public String name() {
        return name;
    }

    public String token() {
        return token;
    }

    /** A request as this person. */
    public RequestSpecification asks() {
        return given().auth().oauth2(token).contentType(ContentType.JSON);
    }

    public ValidatableResponse gets(String path, Object... parameters) {
        return asks().get(path, parameters).then();
    }

    public ValidatableResponse posts(String path, Map<String, ?> body) {
        return asks().body(body).post(path).then();
    }

    public ValidatableResponse posts(String path) {
        return asks().post(path).then();
    }

    public ValidatableResponse puts(String path, Map<String, ?> body) {
        return asks().body(body).put(path).then();
    }

    public ValidatableResponse deletes(String path) {
        return asks().delete(path).then();
    }

    /** This person's id. */
    public String id() {
        return Json.read(gets("/v1/me").statusCode(200).extract().asString()).required("id").textValue();
    }
}
