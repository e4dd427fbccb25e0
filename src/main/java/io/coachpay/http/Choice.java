package io.coachpay.http;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a parameter that is one of a few words. */
public final class Choice {

    private Choice() {
    }

    /**
     * The value whose word was given.
     *
     * @param parameter its name
     * @param values all there are
     * @param word how the API writes a value
     * @throws InvalidField for any other word; it names them all (400)
     */
    public static <T> T of(String parameter, String given, T[] values, Function<? super T, String> word) {
        return Arrays.stream(values).filter(value -> word.apply(value).equals(given)).findFirst()
                .orElseThrow(() -> new InvalidField(parameter, "is not one of "
                        + Arrays.stream(values).map(word).collect(Collectors.joining(", "))));
    }
}
