package io.coachpay.sandbox;

import java.util.regex.Pattern;

/**
 * E-mail addresses that Stripe accepts: plain characters, and a domain of two names at least. It refuses {@code bob},
 * {@code test@test}, {@code x@gmail} and full-width characters; that nothing else is refused is a guess (verify).
 *
 * @see <a href="https://docs.stripe.com/error-codes#email-invalid">Stripe: email_invalid</a>
 */
final class Addresses {

    private static final Pattern TAKEN = Pattern.compile(
            "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]");

    private Addresses() {
    }

    /** Refuses the address in this parameter, if it is one that Stripe would not write to. */
    static void check(Parameters parameters, String param) {
        String address = parameters.text(param);
        if (address != null && !address.isEmpty() && !TAKEN.matcher(address).matches()) {
            throw StripeError.invalid("email_invalid", "Invalid email address: " + address, parameters.name(param));
        }
    }
}
