package io.coachpay.http;

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;

import org.jspecify.annotations.Nullable;

/** Reads times in the query. An unreadable one is a mistake in a field, where the framework would answer 404. */
@Provider
class TimeParameters implements ParamConverterProvider {

    @Override
    @SuppressWarnings("unchecked") // T is Instant
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> type, Type genericType, Annotation[] annotations) {
        return type == Instant.class ? (ParamConverter<T>) new Reader(name(annotations)) : null;
    }

    private static String name(Annotation[] annotations) {
        return Arrays.stream(annotations).filter(QueryParam.class::isInstance).map(QueryParam.class::cast)
                .map(QueryParam::value).findFirst().orElse("time");
    }

    private record Reader(String name) implements ParamConverter<Instant> {

        @Override
        public Instant fromString(String text) {
            try {
                return Times.parse(text);
            } catch (DateTimeException e) {
                throw new InvalidField(name, Times.SHOULD_BE_A_TIME);
            }
        }

        @Override
        public String toString(Instant time) {
            return time.toString();
        }
    }
}
