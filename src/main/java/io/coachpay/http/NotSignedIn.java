package io.coachpay.http;

import java.net.URI;

import jakarta.annotation.Priority;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;

/** Answers requests without a valid token: 401, and how to sign in. */
final class NotSignedIn {

    /**
     * Before the mappers that the problem extension brings, of priority 999: two of them were built against another Quarkus and
     * fail.
     */
    static final int FIRST = 1;

    private NotSignedIn() {
    }

    private static Response answer(String detail) {
        HttpProblem.Builder problem = HttpProblem.builder().withType(URI.create(Refused.URN + "not-signed-in"))
                .withTitle("Unauthorized").withStatus(Response.Status.UNAUTHORIZED).withDetail(detail)
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        RequestId.tell(problem);
        return problem.build().toResponse();
    }

    /** No token where one is needed. */
    @Provider
    @Priority(FIRST)
    static class NoToken implements ExceptionMapper<UnauthorizedException> {

        @Override
        public Response toResponse(UnauthorizedException nobody) {
            return answer("Sign in first: send a bearer token");
        }
    }

    /** An invalid token. The reason is for our log; a guesser learns nothing. */
    @Provider
    @Priority(FIRST)
    static class BadToken implements ExceptionMapper<AuthenticationFailedException> {

        @Override
        public Response toResponse(AuthenticationFailedException refused) {
            return answer("The bearer token is not valid, not valid any more, or of somebody who left");
        }
    }
}
