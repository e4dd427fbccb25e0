package io.coachpay.http;

import jakarta.inject.Singleton;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;

/** Turns HTTP/2 off without TLS too: Quarkus' setting covers TLS alone, and Vert.x would speak it with any client that asks. */
@Singleton
class OnlyHttp11 implements HttpServerOptionsCustomizer {

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
