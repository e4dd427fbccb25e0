package io.coachpay.http;

import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What a path names: something by our id of it, or by Stripe's, which is what administrators have in their hands. One of the
 * two is there.
 */
public record Reference(@Nullable UUID id, @Nullable String stripeId) {

    private static final Pattern OURS = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern STRIPES = Pattern.compile("[a-z]+_[a-zA-Z0-9_]{1,250}");

    public Reference {
        if ((id == null) == (stripeId == null)) {
            throw new IllegalArgumentException("Something is named by one id");
        }
    }

    /** Our id of something. */
    public static Reference to(UUID id) {
        return new Reference(id, null);
    }

    /**
     * Reads what stands for {@code {id}} in a path.
     *
     * @param prefixes how Stripe's ids of such things begin, such as {@code pi_}
     * @throws InvalidField for what is neither (400)
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

    /** What it names, found in one of two ways. */
    public <T> T find(Function<? super UUID, ? extends T> ours, Function<? super String, ? extends T> stripes) {
        return id != null ? ours.apply(id) : stripes.apply(String.valueOf(stripeId));
    }
}
