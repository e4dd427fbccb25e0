package io.coachpay.http;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ext.Provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

import io.coachpay.money.MoneyRefused;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/**
 * JSON that is no valid request: a 400 that names the field, and tells nothing of our classes. The frameworks have mappers of
 * their own for some kinds, which do; ours stand in front of them.
 */
final class MalformedJsonMapper {

    private static final int FIRST = Priorities.USER - 1000;
    private static final ObjectMapper NAMES = new ObjectMapper();

    private MalformedJsonMapper() {
    }

    private static HttpProblem problem(JsonMappingException malformed, String message) {
        String field = malformed.getPath().stream().map(MalformedJsonMapper::step).collect(Collectors.joining("."));
        if (malformed.getCause() instanceof MoneyRefused refused) {
            return MoneyRefusedMapper.problem(refused, field);
        }
        return HttpProblem.builder().withType(URI.create(Refused.URN + "invalid-request"))
                .withTitle("Bad Request").withStatus(400)
                .withDetail(field.isEmpty() ? "The request's JSON " + message : field + ": " + message)
                .with("violations", List.of(new InvalidField.Violation(field, message)))
                .build();
    }

    private static String step(JsonMappingException.Reference step) {
        return step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName();
    }

    /** JSON of another kind than the field's. */
    @Provider
    @Priority(FIRST)
    static class Mismatched extends ExceptionMapperBase<MismatchedInputException> {

        @Override
        protected HttpProblem toProblem(MismatchedInputException malformed) {
            boolean ours = malformed instanceof MoneyJson.Unreadable;
            return problem(malformed, ours ? malformed.getOriginalMessage() : "cannot be read");
        }
    }

    /** A text that the field cannot take, such as none of the values it has. */
    @Provider
    @Priority(FIRST)
    static class Misspelt extends ExceptionMapperBase<InvalidFormatException> {

        @Override
        protected HttpProblem toProblem(InvalidFormatException malformed) {
            Class<?> wanted = malformed.getTargetType();
            return problem(malformed, wanted.isEnum() ? "must be one of " + values(wanted) : "cannot be read");
        }

        private static String values(Class<?> type) {
            return Arrays.stream(type.getEnumConstants()).map(Misspelt::written).collect(Collectors.joining(", "));
        }

        private static String written(Object constant) {
            try {
                return NAMES.writeValueAsString(constant).replace("\"", "");
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Every value of an enumeration can be written", e);
            }
        }
    }

    /** A field that the request does not have. */
    @Provider
    @Priority(FIRST)
    static class Unknown extends ExceptionMapperBase<UnrecognizedPropertyException> {

        @Override
        protected HttpProblem toProblem(UnrecognizedPropertyException malformed) {
            return problem(malformed, "is no field of this request");
        }
    }
}
