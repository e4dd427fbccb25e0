package io.coachpay.http;

import java.net.URI;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** Turns every named refusal into its problem, in one place. */
@Provider
class RefusedMapper extends ExceptionMapperBase<Refused> {

    @Override
    protected HttpProblem toProblem(Refused refused) {
        return problem(refused);
    }

    static HttpProblem problem(Refused refused) {
        HttpProblem.Builder problem = HttpProblem.builder()
                .withType(URI.create(Refused.URN + refused.name()))
                .withTitle(refused.title())
                .withStatus(status(refused.status(), refused.title()))
                .withDetail(refused.getMessage());
        refused.facts().forEach(problem::with);
        if (refused.facts().get("retryAfter") instanceof Number seconds) {
            problem.withHeader("Retry-After", seconds.toString());
        }
        return problem.build();
    }

    /** The status of that number, with JAX-RS' name where it has one. */
    static Response.StatusType status(int code, String phrase) {
        Status known = Status.fromStatusCode(code);
        return known == null ? new Unnamed(code, phrase) : known;
    }

    /** A status that JAX-RS has no name for, 422 above all. */
    private record Unnamed(int code, String phrase) implements Response.StatusType {

        @Override
        public int getStatusCode() {
            return code;
        }

        @Override
        public Status.Family getFamily() {
            return Status.Family.familyOf(code);
        }

        @Override
        public String getReasonPhrase() {
            return phrase;
        }
    }
}
