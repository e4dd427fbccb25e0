package io.coachpay.http;

import java.io.CharConversionException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.ws.rs.ext.Provider;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

import io.coachpay.money.MoneyRefused;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/**
 * Answers JSON that is not a valid request: a 400 that names the field, and nothing of our classes.
 * <p>
 * Frameworks bring mappers for some kinds of these exceptions, so each of those kinds needs one of ours in front.
 */
final class MalformedJson {

    /** Knows the JSON names of an enumeration's values. */
    private static final ObjectMapper NAMES = new ObjectMapper();

    private MalformedJson() {
    }

    /** The problem for this exception. */
    static HttpProblem problem(JacksonException malformed) {
        if (!(malformed instanceof JsonMappingException mapping)) {
            return notJson();
        }
        Refused refused = refused(mapping);
        if (refused != null) {
            return RefusedMapper.problem(refused);
        }
        String field = field(mapping);
        if (mapping.getCause() instanceof MoneyRefused money) {
            return MoneyRefusedMapper.problem(money, field);
        }
        String message = message(mapping);
        return problem(field, field.isEmpty() ? "The request's JSON " + message : field + ": " + message, message);
    }

    private static HttpProblem notJson() {
        return problem("", "The request's body is not JSON", "is not JSON");
    }

    /** A refusal by the body's own reader, such as for its length; the parser wraps it. */
    private static @Nullable Refused refused(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refused refused) {
                return refused;
            }
        }
        return null;
    }

    private static String field(JsonMappingException malformed) {
        return malformed.getPath().stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** Only messages of our own readers are meant for callers; the parser's name classes. */
    private static String message(JsonMappingException malformed) {
        if (malformed instanceof MoneyJson.Unreadable
                || malformed.getClass() == JsonMappingException.class && malformed.getCause() == null) {
            return malformed.getOriginalMessage();
        }
        if (malformed instanceof InvalidFormatException misspelt && misspelt.getTargetType().isEnum()) {
            return "must be one of " + values(misspelt.getTargetType());
        }
        if (malformed instanceof UnrecognizedPropertyException) {
            return "is not a field of this request";
        }
        return malformed instanceof InvalidFormatException ? "cannot be read" : "is of the wrong type, or not complete";
    }

    private static String values(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(value -> NAMES.convertValue(value, String.class))
                .collect(Collectors.joining(", "));
    }

    private static HttpProblem problem(String field, String detail, String message) {
        return HttpProblem.builder().withType(URI.create(Refused.URN + "invalid-request"))
                .withTitle("Bad Request").withStatus(400).withDetail(detail)
                .with("violations", List.of(new InvalidField.Violation(field, message)))
                .build();
    }

    /** Not JSON at all, or JSON that a reader of ours refused. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Unreadable extends ExceptionMapperBase<JacksonException> {

        @Override
        protected HttpProblem toProblem(JacksonException malformed) {
            return problem(malformed);
        }
    }

    /** Bytes that are not text in the encoding they seem to have. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Garbled extends ExceptionMapperBase<CharConversionException> {

        @Override
        protected HttpProblem toProblem(CharConversionException malformed) {
            return notJson();
        }
    }

    /** A value of another type than the field has. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Mismatched extends ExceptionMapperBase<MismatchedInputException> {

        @Override
        protected HttpProblem toProblem(MismatchedInputException malformed) {
            return problem(malformed);
        }
    }

    /** A text that cannot be read as the field's kind. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Misformatted extends ExceptionMapperBase<InvalidFormatException> {

        @Override
        protected HttpProblem toProblem(InvalidFormatException malformed) {
            return problem(malformed);
        }
    }

    /** A field that the request does not have. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Unrecognized extends ExceptionMapperBase<UnrecognizedPropertyException> {

        @Override
        protected HttpProblem toProblem(UnrecognizedPropertyException malformed) {
            return problem(malformed);
        }
    }
}
