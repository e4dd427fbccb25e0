package io.coachpay.subscription;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.JoiningAccess;
import io.coachpay.inbox.EventHandler;

/** Makes the handler of subscriptions for tests that have a database transaction open. */
@ApplicationScoped
public class JoiningSubscriptions {

    private final SubscriptionBooks books;

    JoiningSubscriptions(SubscriptionBooks books) {
        this.books = books;
    }

    public EventHandler handler(JoiningAccess access) {
        return new SubscriptionHandler(access, books);
    }
}
