package io.coachpay.sandbox;

import java.util.SplittableRandom;

import io.vertx.core.json.JsonObject;

/** Ids that look like Stripe's: a prefix, then letters and digits alone. The same seed gives the same ids. */
final class Ids {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private long seed;
    private long count;

    Ids(long seed) {
        this.seed = seed;
    }

    /** The next id, for example {@code pi_3Rk…} for the prefix {@code pi_}. */
    String next(String prefix) {
        return prefix + random(24);
    }

    String random(int length) {
        // one generator per id, so that what is saved and restored is two numbers
        SplittableRandom random = new SplittableRandom(seed * 31 + ++count);
        random.nextLong();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    JsonObject save() {
        return Json.object("seed", seed, "count", count);
    }

    void load(JsonObject saved) {
        seed = saved.getLong("seed");
        count = saved.getLong("count");
    }
}
