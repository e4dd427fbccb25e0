package io.coachpay.subscription;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a plan that may change for its next subscribers.
 *
 * @param name on Stripe's page and invoices
 * @param trialDays how long nothing is paid, once for each subscriber; 0 for no trial
 * @param tier the rank that subscribers have, such as {@code professional}
 * @param active whether it is for sale
 * @param sortOrder its place in the list, lowest first
 */
record PlanTerms(String name, @Nullable String description, int trialDays, String tier, Benefits benefits, boolean active,
        int sortOrder) {
}
