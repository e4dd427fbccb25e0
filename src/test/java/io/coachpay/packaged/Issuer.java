package io.coachpay.packaged;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import com.sun.net.httpserver.HttpServer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The part of an identity provider that the service uses: it says where its keys are, and signs any token. */
public final class Issuer implements AutoCloseable {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final Duration TOKENS_LAST = Duration.ofMinutes(30);

    private final HttpServer server;
    private final KeyPair keys = newKeys();

    public Issuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/.well-known/openid-configuration", """
                {"issuer": "${uri}", "jwks_uri": "${uri}/keys", "token_endpoint": "${uri}/token",
                 "authorization_endpoint": "${uri}/authorize", "response_types_supported": ["code"],
                 "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}""".replace("${uri}",
                uri()));
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        answer("/keys", """
                {"keys": [{"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": "%s", "e": "%s"}]}"""
                .formatted(BASE64.encodeToString(unsigned(key.getModulus())),
                        BASE64.encodeToString(unsigned(key.getPublicExponent()))));
        server.start();
    }

    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A token for a person, valid for half an hour. */
    public String token(String subject, String... roles) {
        Instant now = Instant.now();
        JsonObject claims = new JsonObject().put("iss", uri()).put("aud", "coachpay").put("sub", subject).put("name", subject)
                .put("email", subject + "@example.com").put("groups", new JsonArray(List.of(roles)))
                .put("iat", now.getEpochSecond()).put("exp", now.plus(TOKENS_LAST).getEpochSecond());
        String signed = encoded("{\"alg\": \"RS256\", \"kid\": \"1\"}") + "." + encoded(claims.encode());
        return signed + "." + BASE64.encodeToString(signature(signed));
    }

    private byte[] signature(String signed) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Big-endian, without the byte that only carries the sign. */
    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private void answer(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
