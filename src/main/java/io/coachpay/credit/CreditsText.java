package io.coachpay.credit;

import java.math.BigDecimal;
import java.util.regex.Pattern;

import io.coachpay.http.InvalidField;
import io.coachpay.money.Credits;

/** Reads numbers of credits from requests: plain decimal text, so that no digit is lost on the way. */
final class CreditsText {

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,12}(\\.\\d{1,6})?");

    private CreditsText() {
    }

    /** @throws InvalidField for anything but digits, and after a point six of them at most */
    static Credits read(String field, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new InvalidField(field, "must be a number with at most six digits after the point, such as 12.5");
        }
        return Credits.of(new BigDecimal(text));
    }

    /** @throws InvalidField for a negative number too */
    static Credits readPositiveOrNone(String field, String text) {
        Credits credits = read(field, text);
        if (credits.isNegative()) {
            throw new InvalidField(field, "must not be negative");
        }
        return credits;
    }
}
