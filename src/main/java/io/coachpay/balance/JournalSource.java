package io.coachpay.balance;

/** Where the journal is found of an object at Stripe whose ids a package above keeps. All of them are asked. */
public interface JournalSource {

    /**
     * A query for the journal's {@code id} and {@code transaction_id}. It is part of a larger one, in which
     * {@code l} is the row of {@code stripe_balance_transactions} and {@code known.fact} the {@link Fact} that it tells of.
     */
    String query();
}
