package io.coachpay.payment;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Postings;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;

/**
 * Finds the {@link Purchase} of each purpose; all are checked when the service starts. Only a payment that is as agreed grants
 * anything.
 */
@Startup
@ApplicationScoped
class Purchases {

    private final Map<Purpose, Purchase> byPurpose = new EnumMap<>(Purpose.class);

    /**
     * Collects the purchases.
     *
     * @throws IllegalStateException unless there is one for each purpose
     */
    Purchases(@All List<Purchase> purchases) {
        for (Purchase purchase : purchases) {
            if (byPurpose.put(purchase.purpose(), purchase) != null) {
                throw new IllegalStateException("Two purchases for " + purchase.purpose());
            }
        }
        Set<Purpose> missing = EnumSet.allOf(Purpose.class);
        missing.removeAll(byPurpose.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalStateException("No purchase for " + missing);
        }
    }

    /** Returns the journal of a payment that Stripe has taken. */
    Journal journal(Transaction payment) {
        return payment.completion().isHeld() ? held(payment) : of(payment).paid(payment);
    }

    /** Reacts to a payment's new status. */
    void follow(Transaction payment, PaymentStatus before) {
        if (payment.completion().isHeld()) {
            of(payment).held(payment);
        } else {
            of(payment).changed(payment, before);
        }
    }

    /** Locks and loads, in order, what was bought with these payments and changes with them. */
    void lock(List<Transaction> payments) {
        payments.stream()
                .collect(Collectors.groupingBy(payment -> payment.terms().purpose(), TreeMap::new, Collectors.toList()))
                .forEach((purpose, its) -> Objects.requireNonNull(byPurpose.get(purpose)).lock(its));
    }

    /** Whether payments of this type may be applied together; not those of one that only a later release knows. */
    boolean areAppliedTogether(String type) {
        return byPurpose.values().stream()
                .anyMatch(purchase -> purchase.purpose().column().equals(type) && purchase.isAppliedTogether());
    }

    /** Locks what was bought with a payment. */
    void hold(Transaction payment) {
        of(payment).hold(payment);
    }

    boolean isSuperseded(Transaction late) {
        return of(late).isSuperseded(late);
    }

    private static Journal held(Transaction payment) {
        String intent = Objects.requireNonNull(payment.paymentIntent());
        Instant at = Objects.requireNonNull(payment.completion().completedAt());
        return payment.reachedCoach()
                ? Postings.paymentHeld(intent, payment.coachId(), payment.amount(), payment.amounts().fee(), at)
                : Postings.paymentHeldAlone(intent, payment.amount(), payment.amounts().fee(), at);
    }

    private Purchase of(Transaction payment) {
        return Objects.requireNonNull(byPurpose.get(payment.terms().purpose()));
    }
}
