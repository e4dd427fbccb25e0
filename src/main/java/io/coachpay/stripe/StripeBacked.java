package io.coachpay.stripe;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** A row of ours that stands for one object at Stripe. */
public interface StripeBacked {

    /** The row's id, which the object carries in its metadata. */
    UUID id();

    /** Null while the row does not know the object. */
    @Nullable
    String stripeId();

    /** The number of the call that is next; part of its key. */
    int attempt();

    /** No call for the row, and no object made by one, is older. */
    Instant soughtFrom();
}
