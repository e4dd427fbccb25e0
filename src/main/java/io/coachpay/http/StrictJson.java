package io.coachpay.http;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;

import io.quarkus.jackson.ObjectMapperCustomizer;

/**
 * Reads requests literally: a value of another type is a client's mistake and is refused, not converted. By itself Jackson
 * takes {@code "75"} and {@code 75.9} for 75, and a number for a time.
 */
@Singleton
class StrictJson implements ObjectMapperCustomizer {

    /** After all others, since the last module to register a type's reader wins. */
    @Override
    public int priority() {
        return MINIMUM_PRIORITY;
    }

    @Override
    @SuppressWarnings("deprecation") // this feature can be set only on a mapper that is already built
    public void customize(ObjectMapper mapper) {
        mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        mapper.enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        mapper.coercionConfigFor(LogicalType.Textual).setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        mapper.registerModule(new SimpleModule("strict").addDeserializer(String.class, new Texts())
                .addDeserializer(Instant.class, new TimeReader()));
    }

    /**
     * Reads a moment from text with an offset alone: a number could be seconds or milliseconds, and a text without an offset
     * any hour.
     */
    private static final class TimeReader extends StdDeserializer<Instant> {

        TimeReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            try {
                if (json.hasToken(JsonToken.VALUE_STRING)) {
                    return Times.parse(json.getText());
                }
            } catch (DateTimeException e) {
                throw JsonMappingException.from(json, Times.SHOULD_BE_A_TIME);
            }
            throw JsonMappingException.from(json, Times.SHOULD_BE_A_TIME);
        }
    }

    /** Reads texts as usual, but refuses NUL characters, which PostgreSQL cannot store. */
    private static final class Texts extends StringDeserializer {

        @Override
        public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
            String text = super.deserialize(json, context);
            if (text != null && text.indexOf('\0') >= 0) {
                throw JsonMappingException.from(json, "must not contain NUL characters");
            }
            return text;
        }
    }
}
