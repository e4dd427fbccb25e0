package io.coachpay.credit;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;

import io.coachpay.money.Credits;

/** Reads a positive number of credits from a request: a text or a number, written plainly. */
final class CreditAmountReader extends StdDeserializer<Credits> {

    private static final long serialVersionUID = 1L;
    /** Up to 99999.999999. */
    private static final Pattern PLAIN = Pattern.compile("(0|[1-9][0-9]{0,4})(\\.[0-9]{1,6})?");

    CreditAmountReader() {
        super(Credits.class);
    }

    @Override
    public Credits deserialize(JsonParser json, DeserializationContext context) throws IOException {
        boolean scalar = json.hasToken(JsonToken.VALUE_STRING) || json.currentToken().isNumeric();
        String text = scalar ? json.getText() : "";
        if (PLAIN.matcher(text).matches()) {
            Credits credits = Credits.of(new BigDecimal(text));
            if (credits.isPositive()) {
                return credits;
            }
        }
        throw JsonMappingException.from(json,
                "must be a number such as \"33.5\", above 0 and at most 99999.999999, with at most six digits after the point");
    }
}
