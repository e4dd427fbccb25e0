package io.coachpay.inbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/** The objects fetched for an event. */
public final class Fetched {

    private static final Fetched NOTHING = new Fetched(Map.of());

    private final Map<Fetch, Answer> answers;

    Fetched(Map<Fetch, Answer> answers) {
        this.answers = Map.copyOf(answers);
    }

    /** The result when no handler asked for anything. */
    public static Fetched nothing() {
        return NOTHING;
    }

    /** Whether {@link EventHandler#needs} asked for it. */
    public boolean holds(Fetch fetch) {
        return answers.containsKey(fetch);
    }

    /** The object; empty when Stripe does not know it (any more). */
    public Optional<JsonNode> find(Fetch fetch) {
        return Optional.ofNullable(answer(fetch).object());
    }

    /**
     * When the request was sent. A fetched object counts as of that second, so that it can be ordered among events about it.
     */
    public Instant requestedAt(Fetch fetch) {
        return answer(fetch).requestedAt();
    }

    private Answer answer(Fetch fetch) {
        Answer answer = answers.get(fetch);
        if (answer == null) {
            throw new IllegalStateException(fetch + " was not asked for by look");
        }
        return answer;
    }

    /** One object, and when it was asked for. */
    record Answer(@Nullable JsonNode object, Instant requestedAt) {
    }
}
