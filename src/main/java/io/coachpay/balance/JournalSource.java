package io.coachpay.balance;

/** A source of journals of objects at Stripe whose ids a package above keeps. All sources are asked. */
public interface JournalSource {

    /**
     * A query for the journal's {@code id} and {@code transaction_id}. It is part of a larger one, in which
     * {@code l} is the row of {@code stripe_balance_transactions} and {@code known.fact} the {@link Fact} that it is about.
     */
    String query();
}
