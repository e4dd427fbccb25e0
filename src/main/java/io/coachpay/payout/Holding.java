package io.coachpay.payout;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a coach has earned in a currency and is not paid out yet, because the session has not been over long enough, or because
 * some of the money is still to be taken back. It is reckoned for each payment: what its journals left on the coach's pending
 * and available accounts together, less what payouts took of it. A payment that owes something is not held: it is a debt.
 *
 * @param until sessions that ended, or were cancelled, by then are released
 * @param held wherever Stripe has it, never below zero
 * @param available what is set aside of the available balance for these payments, and for what refunds and disputes are
 *        about to take beyond what is left of theirs
 * @param pending what is set aside of the pending one; below zero where something of what is set aside goes back
 * @param releases by day, the earliest first; they sum to what is held
 * @param next when the first of it is released; null when nobody can tell
 */
record Holding(Instant until, Money held, Money available, Money pending, List<Release> releases, @Nullable Instant next) {

    /** So many days are told one by one. */
    private static final int MOST = 31;

    /** What is released on one day. */
    @Schema(name = "Release")
    record Release(
            @Nullable @Schema(description = "The day, in the coach's time zone; null for what is released later than on the days before, or when nobody can tell yet, as a refund or a dispute of it is under way, or due", examples = "2030-05-06") LocalDate on,
            Money amount) {
    }

    /**
     * What is set aside for payments that are released on the same day.
     *
     * @param on null when nobody can tell
     * @param first when the first of it is released
     */
    record Day(@Nullable LocalDate on, @Nullable Instant first, Money held, Money available, Money pending) {
    }

    static Holding none(Instant until, Money nothing) {
        return new Holding(until, nothing, nothing, nothing, List.of(), null);
    }

    /** Adds up days, which come in their order. */
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
