package io.coachpay.inbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/** What was fetched for an event, by what was asked for. */
public final class Fetched {

    private static final Fetched NOTHING = new Fetched(Map.of());

    private final Map<Fetch, Answer> answers;

    Fetched(Map<Fetch, Answer> answers) {
        this.answers = Map.copyOf(answers);
    }

    /** Nothing was asked for. */
    public static Fetched nothing() {
        return NOTHING;
    }

    /** Whether {@link EventHandler#look} asked for it. */
    public boolean holds(Fetch fetch) {
        return answers.containsKey(fetch);
    }

    /** The object; empty when Stripe does not know it (any more). */
    public Optional<JsonNode> find(Fetch fetch) {
        return Optional.ofNullable(answer(fetch).object());
    }

    /**
     * When the request was sent: an object fetched counts as of that second, and so is told apart from older and newer
     * events about it.
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
