package io.coachpay.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Lists past events at Stripe, to find those whose webhook never came.
 *
 * @see <a href="https://docs.stripe.com/api/events/list">Stripe: list all events</a>
 */
public interface EventSource {

    /** The most types that Stripe filters by at once. */
    int MOST_TYPES = 20;

    /**
     * One page of an account's events, newest first, within the budget for background calls.
     *
     * @param account a connected account; null for the platform's own
     * @param types the wanted types, {@link #MOST_TYPES} at most
     * @param since nothing created before
     * @param after the {@link Page#next} of the page before; null for the first page. Where Stripe has forgotten that event it
     *        has forgotten all older ones, and the list is at its end
     * @throws RuntimeException when Stripe is away or refuses: the listing resumes here later
     */
    Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after);

    /**
     * One page.
     *
     * @param events each as Stripe sent it, newest first; may be empty although others follow
     * @param next the cursor of the next page; null when there is none
     */
    record Page(List<JsonNode> events, @Nullable String next) {
    }
}
