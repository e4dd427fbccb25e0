package io.coachpay.development;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;

import io.coachpay.http.InvalidField;
import io.quarkus.arc.profile.IfBuildProfile;

/** Bearer tokens from the development identity provider, for walk-throughs with curl and for tests. */
@Path("/dev/token")
@IfBuildProfile(anyOf = { "dev", "test" })
public class TokenResource {

    private final HttpClient client = HttpClient.newHttpClient();
    private final String provider;
    private final String clientId;

    TokenResource(@ConfigProperty(name = "quarkus.oidc.auth-server-url") String provider,
            @ConfigProperty(name = "quarkus.oidc.client-id") String clientId) {
        this.provider = provider;
        this.clientId = clientId;
    }

    /**
     * A token for any name: {@code alice} and {@code bob} are mentees, {@code carol} and {@code dave} future coaches,
     * {@code admin} an administrator.
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public String token(@QueryParam("user") String user) throws IOException, InterruptedException {
        if (user == null || !user.matches("[A-Za-z0-9._@-]{1,64}")) {
            throw new InvalidField("user", "name somebody, such as alice");
        }
        String form = "grant_type=password&client_id=%s&username=%s&password=%s&scope=openid".formatted(
                URLEncoder.encode(clientId, StandardCharsets.UTF_8), URLEncoder.encode(user, StandardCharsets.UTF_8), "any");
        HttpRequest request = HttpRequest.newBuilder(URI.create(provider + "/token"))
                .header("Content-Type", MediaType.APPLICATION_FORM_URLENCODED)
                .POST(HttpRequest.BodyPublishers.ofString(form)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
