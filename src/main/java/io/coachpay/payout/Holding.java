package io.coachpay.payout;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A coach's earnings in a currency that are not released for payout, because the session ended too recently, or because some
 * of the money is still to be taken back. Computed for each payment: the sum that its journals left on the coach's pending and
 * available accounts, less the sum that payouts took of it. A payment with a negative sum is a debt, and not held.
 *
 * @param until sessions that ended, or were cancelled, by then are released
 * @param held wherever Stripe has it, never below zero
 * @param available the part of the available balance set aside for these payments, and for refunds and disputes that are about
 *        to take more than is left of theirs
 * @param pending the part of the pending balance set aside; below zero where some of the money set aside goes back
 * @param releases by day, the earliest first; they sum to {@code held}
 * @param next when the first of it is released; null when that is unknown
 */
record Holding(Instant until, Money held, Money available, Money pending, List<Release> releases, @Nullable Instant next) {

    /** So many days are listed one by one. */
    private static final int MOST = 31;

    /** The amount that is released on one day. */
    @Schema(name = "Release")
    record Release(
            @Nullable @Schema(description = "The day, in the coach's time zone; null for the sum of all later days, or while a refund or a dispute makes the day unknown", examples = "2030-05-06") LocalDate on,
            Money amount) {
    }

    /**
     * The money set aside for payments that are released on the same day.
     *
     * @param on null when the day is unknown
     * @param first when the first of it is released
     */
    record Day(@Nullable LocalDate on, @Nullable Instant first, Money held, Money available, Money pending) {
    }

    static Holding none(Instant until, Money nothing) {
        return new Holding(until, nothing, nothing, nothing, List.of(), null);
    }

    /** Adds a day; days come in their order. */
    Holding plus(Day day) {
        return new Holding(until, held.plus(day.held()), available.plus(day.available()), pending.plus(day.pending()),
                plus(releases, day), next == null ? day.first() : next);
    }

    private static List<Release> plus(List<Release> releases, Day day) {
        if (day.held().isZero()) {
            return releases;
        }
        List<Release> all = new ArrayList<>(releases);
        if (all.size() <= MOST) {
            all.add(new Release(all.size() < MOST ? day.on() : null, day.held()));
        } else {
            all.set(MOST, new Release(null, all.get(MOST).amount().plus(day.held())));
        }
        return List.copyOf(all);
    }
}
