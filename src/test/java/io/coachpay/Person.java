package io.coachpay;

import static io.restassured.RestAssured.given;

import java.util.Map;
import java.util.UUID;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** A user of the API, signed in by a token of the development identity provider. */
public final class Person {

    private final String name;
    private final String token;

    private Person(String name) {
        this.name = name;
        this.token = given().queryParam("user", name).get("/dev/token").then().statusCode(200).extract().path("access_token");
    }

    /** A new person. */
    public static Person called(String name) {
        return new Person(name + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** The administrator. */
    public static Person admin() {
        return new Person("admin");
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
        return gets("/v1/me").statusCode(200).extract().path("id");
    }
}
