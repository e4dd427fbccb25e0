package io.coachpay;

import static io.restassured.RestAssured.given;

import java.net.URI;

import org.eclipse.microprofile.config.ConfigProvider;

import io.restassured.response.Response;

/** The port of operators: health and metrics. */
public final class Management {

    private Management() {
    }

    /** Asks for a path below {@code /q}. */
    public static Response get(String path) {
        URI address = URI.create(ConfigProvider.getConfig().getValue("test.management.url", String.class));
        return given().baseUri("http://" + address.getHost()).port(address.getPort()).get(path);
    }
}
