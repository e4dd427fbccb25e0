package io.coachpay.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

import com.fasterxml.jackson.core.JacksonException;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** Maps the web framework's own refusals to problems, such as an unknown method or a content type that no endpoint reads. */
final class FrameworkRefusals {

    private FrameworkRefusals() {
    }

    private static HttpProblem problem(WebApplicationException refusal) {
        if (refusal.getCause() instanceof JacksonException malformed) {
            return MalformedJson.problem(malformed);
        }
        if (refusal.getCause() instanceof Refused refused) {
            return RefusedMapper.problem(refused);
        }
        Response answer = refusal.getResponse();
        HttpProblem.Builder problem = HttpProblem.builder().withTitle(answer.getStatusInfo().getReasonPhrase())
                .withStatus(answer.getStatusInfo());
        answer.getStringHeaders().forEach((name, values) -> problem.withHeader(name, String.join(", ", values)));
        return problem.build();
    }

    /** Refusals without a mapper of their own. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Any extends ExceptionMapperBase<WebApplicationException> {

        @Override
        protected HttpProblem toProblem(WebApplicationException refusal) {
            return problem(refusal);
        }
    }

    /** An unknown path; or a parameter that could not be read, if its reader gave no better reason. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Nothing extends ExceptionMapperBase<NotFoundException> {

        @Override
        protected HttpProblem toProblem(NotFoundException refusal) {
            return problem(refusal);
        }
    }
}
