package io.coachpay.http;

import jakarta.inject.Singleton;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;

/** Without TLS Vert.x would speak HTTP/2 to whoever asks, though it is off: the setting tells of TLS alone. */
@Singleton
class OnlyHttp11 implements HttpServerOptionsCustomizer {

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
