package io.coachpay.payout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;

/**
 * The lines that a payout is made of.
 *
 * @param items signed like their lines, never zero
 * @param rest the part without a line; the items sum to the payout without it
 * @param allocatedTo every line up to this one has been taken as a whole
 */
record Allocation(List<Item> items, Money rest, long allocatedTo) {

    /**
     * A line of a coach's available money.
     *
     * @param number in the account's own order
     * @param open the part that is in no payout yet, signed like the line
     * @param held whether its payment's money is not released yet
     */
    record Line(UUID entry, long number, Money open, Instant availableOn, boolean held) {
    }

    /** A line, or a part of one, in a payout. */
    record Item(UUID entry, Money amount) {
    }

    /**
     * Makes an amount of open lines: first those against its sign, as a whole, then the others in the order in which they
     * became available; the last one is split. So refunds reduce the next payout first, and earnings fill the rest: 148 of the
     * lines +100, +100, −52 takes all three. A negative amount, which Stripe fetched from the bank to cover refunds, works the
     * other way round.
     *
     * @param heldToo whether held lines may be taken, after all others: money that was paid out at Stripe is gone
     */
    static Allocation of(Money amount, List<Line> open, boolean heldToo) {
        List<Line> ordered = new ArrayList<>(open);
        ordered.sort(Comparator.comparing((Line line) -> !against(amount, line)).thenComparing(Line::held)
                .thenComparing(Line::availableOn).thenComparing(Line::number));
        List<Item> items = new ArrayList<>();
        Money rest = amount;
        long firstOpen = Long.MAX_VALUE;
        long last = 0;
        for (Line line : ordered) {
            boolean leftAlone = line.held() && !heldToo;
            Money part = leftAlone ? Money.zero(rest.getCurrencyUnit())
                    : against(amount, line) ? line.open() : nearerToZero(rest, line.open());
            if (!part.isZero()) {
                items.add(new Item(line.entry(), part));
                rest = rest.minus(part);
            }
            if (!part.equals(line.open())) {
                firstOpen = Math.min(firstOpen, line.number());
            }
            last = Math.max(last, line.number());
        }
        return new Allocation(items, rest, Math.min(firstOpen - 1, last));
    }

    private static boolean against(Money amount, Line line) {
        return amount.isNegative() != line.open().isNegative();
    }

    private static Money nearerToZero(Money one, Money other) {
        return one.abs().isLessThan(other.abs()) ? one : other;
    }
}
