package io.coachpay;

import static io.restassured.RestAssured.config;

import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;

/** Requests of tests. Their bodies are kept for a failure's report as they were sent: to format each costs more than to ask. */
final class Requests {

    private Requests() {
    }

    static RequestSpecification given() {
        return RestAssured.given().config(config().logConfig(config().getLogConfig().enablePrettyPrinting(false)));
    }
}
