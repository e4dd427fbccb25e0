package io.coachpay.access;

import java.util.Collection;
import java.util.Set;

/**
 * A state of an entity, which lists the states that may follow it. The database lists the same edges in {@code state_edges}.
 *
 * @param <S> the states themselves
 */
public interface Transitions<S extends Transitions<S>> {

    /** The states that may follow this one; nothing else ever does. */
    Set<S> next();

    /** The state as the database and the API write it. */
    String column();

    /**
     * The state that Stripe names.
     *
     * @param nouns what has such states, for the message
     * @param states those that Stripe has
     * @throws IllegalStateException for a word of a newer version
     */
    static <S extends Transitions<S>> S named(String word, String nouns, Collection<S> states) {
        return states.stream().filter(state -> state.column().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalStateException("Stripe has " + nouns + " that are " + word));
    }

    /**
     * Takes an edge for a fact that is certain.
     *
     * @param noun of the entity, for the message
     * @throws IllegalStateException for a state that is not listed
     */
    static <S extends Transitions<S>> S require(String noun, S from, S to) {
        if (!from.next().contains(to)) {
            throw new IllegalStateException("A " + noun + " that is " + from.column() + " cannot become " + to.column());
        }
        return to;
    }

    /** Takes an edge for news of Stripe's: a state that is not listed is stale, and the old one stays. */
    static <S extends Transitions<S>> S acceptIfReachable(S from, S to) {
        return from.next().contains(to) ? to : from;
    }
}
