package io.coachpay.http;

import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * An object named in a path, by our id or by Stripe's, which is the one that administrators have at hand. Exactly one of the
 * two is set.
 */
public record Reference(@Nullable UUID id, @Nullable String stripeId) {

    private static final Pattern OURS = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern STRIPES = Pattern.compile("[a-z]+_[a-zA-Z0-9_]{1,250}");

    public Reference {
        if ((id == null) == (stripeId == null)) {
            throw new IllegalArgumentException("Something is named by one id");
        }
    }

    /** A reference by our id. */
    public static Reference to(UUID id) {
        return new Reference(id, null);
    }

    /**
     * Reads the {@code {id}} of a path.
     *
     * @param prefixes of Stripe's ids for such objects, such as {@code pi_}
     * @throws InvalidField for an id of neither kind (400)
     */
    public static Reference of(String given, String... prefixes) {
        if (OURS.matcher(given).matches()) {
            return to(UUID.fromString(given));
        }
        if (STRIPES.matcher(given).matches() && Arrays.stream(prefixes).anyMatch(given::startsWith)) {
            return new Reference(null, given);
        }
        throw new InvalidField("id", "must be our id, or one of Stripe's that begins with "
                + Arrays.stream(prefixes).collect(Collectors.joining(" or ")));
    }

    /** The object, found by our id or by Stripe's. */
    public <T> T find(Function<? super UUID, ? extends T> ours, Function<? super String, ? extends T> stripes) {
        return id != null ? ours.apply(id) : stripes.apply(String.valueOf(stripeId));
    }
}
