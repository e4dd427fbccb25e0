package io.coachpay.http;

import java.io.IOException;

import jakarta.inject.Singleton;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;

import io.coachpay.money.MoneyRefused;
import io.coachpay.money.MoneyText;
import io.quarkus.jackson.ObjectMapperCustomizer;

/** Money on the wire: {@code {"amount": "125.00", "currency": "USD"}}, a string with exactly the currency's digits. */
@Singleton
class MoneyJson implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        SimpleModule module = new SimpleModule("money");
        module.addSerializer(Money.class, new Writer());
        module.addDeserializer(Money.class, new Reader());
        mapper.registerModule(module);
    }

    private static final class Writer extends JsonSerializer<Money> {

        @Override
        public void serialize(Money money, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject();
            json.writeStringField("amount", MoneyText.format(money));
            json.writeStringField("currency", money.getCurrencyUnit().getCode());
            json.writeEndObject();
        }
    }

    private static final class Reader extends JsonDeserializer<Money> {

        @Override
        public Money deserialize(JsonParser json, DeserializationContext context) throws IOException {
            JsonNode node = context.readTree(json);
            JsonNode amount = node.path("amount");
            JsonNode currency = node.path("currency");
            if (!node.isObject() || !amount.isTextual() || !currency.isTextual() || node.size() != 2) {
                throw new Unreadable(json,
                        "must be an object of two strings, such as {\"amount\": \"125.00\", \"currency\": \"USD\"}", null);
            }
            try {
                return MoneyText.parse(amount.textValue(), currency.textValue());
            } catch (MoneyRefused e) {
                throw new Unreadable(json, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** JSON that is not money, with a message for the caller. The framework passes on exceptions of this kind alone. */
    static final class Unreadable extends MismatchedInputException {

        Unreadable(JsonParser json, String message, @Nullable MoneyRefused cause) {
            super(json, message, Money.class);
            initCause(cause);
        }
    }
}
