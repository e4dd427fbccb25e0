package io.coachpay.http;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

import jakarta.ws.rs.ext.Provider;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

import io.coachpay.money.MoneyRefused;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** JSON that is no valid request: a 400 that names the field, and tells nothing of our classes. */
@Provider
class MalformedJsonMapper extends ExceptionMapperBase<JsonMappingException> {

    @Override
    protected HttpProblem toProblem(JsonMappingException malformed) {
        return problem(malformed);
    }

    private static HttpProblem problem(JsonMappingException malformed) {
        String field = malformed.getPath().stream().map(MalformedJsonMapper::step).collect(Collectors.joining("."));
        if (malformed.getCause() instanceof MoneyRefused refused) {
            return MoneyRefusedMapper.problem(refused, field);
        }
        String message = malformed.getClass() == JsonMappingException.class ? malformed.getOriginalMessage() : "cannot be read";
        return HttpProblem.builder().withType(URI.create(Refused.URN + "invalid-request"))
                .withTitle("Bad Request").withStatus(400)
                .withDetail(field.isEmpty() ? "The request's JSON " + message : field + ": " + message)
                .with("violations", List.of(new InvalidField.Violation(field, message)))
                .build();
    }

    private static String step(JsonMappingException.Reference step) {
        return step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName();
    }

    /** The framework has a mapper of its own for this kind, which answers with nothing in the body. */
    @Provider
    static class Mismatched extends ExceptionMapperBase<MismatchedInputException> {

        @Override
        protected HttpProblem toProblem(MismatchedInputException malformed) {
            return problem(malformed);
        }
    }
}
