package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.inbox.EventSource;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.ObjectSource;

/** Lists events and fetches objects for the inbox. */
@ApplicationScoped
class StripeSource implements EventSource, ObjectSource {

    private static final int MOST_PER_PAGE = 100;

    private final StripeEvents events;

    StripeSource(StripeEvents events) {
        this.events = events;
    }

    @Override
    public Page list(@Nullable String account, Set<String> types, Instant since, @Nullable String after) {
        try {
            StripePage<JsonNode> page = events.list(account, types, since, after, MOST_PER_PAGE);
            return new Page(page.data(), page.next());
        } catch (StripeRefused.ResourceMissing forgotten) {
            if (after == null) {
                throw forgotten;
            }
            return new Page(List.of(), null);
        }
    }

    @Override
    public @Nullable JsonNode fetch(Fetch fetch) {
        try {
            return events.fetch(fetch.type(), fetch.id(), fetch.account());
        } catch (StripeRefused.ResourceMissing e) {
            return null;
        } catch (StripeRefused.NotPermitted disconnected) {
            if (fetch.type().equals(StripeAccount.OBJECT)) {
                // To the platform a disconnected account does not exist any more.
                return null;
            }
            throw disconnected;
        }
    }
}
