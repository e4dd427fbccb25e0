package io.coachpay.reconciliation;

import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.coachpay.reconciliation.BookComparison.Difference;

/**
 * Objects that are compared in any case, because they differed at the last comparison; the findings name them.
 *
 * @param objects by the names that {@link BookComparison} has for them
 * @param balances owned accounts of the ledger
 * @param days of shared accounts
 * @param coaches connected accounts by Stripe's ids, or {@code ledger} for those without one, whose payouts differ
 */
record Suspects(Set<String> objects, Set<UUID> balances, Set<LocalDate> days, Set<String> coaches) {

    /** The kinds that are found by comparing; all others are found in a row by itself. */
    static final Set<Kind> KINDS = EnumSet.of(Kind.UNBOOKED, Kind.UNKNOWN_TYPE, Kind.UNTOLD, Kind.UNEQUAL, Kind.UNMOVED,
            Kind.REFUND_CLEARING, Kind.KEPT_BALANCE, Kind.IN_TRANSIT, Kind.PAID_OUT);

    Suspects() {
        this(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    }

    void add(Kind kind, String account, String subject) {
        if (kind == Kind.KEPT_BALANCE) {
            addKept(subject);
        } else if (kind == Kind.IN_TRANSIT || kind == Kind.PAID_OUT) {
            coaches.add(account);
        } else if (KINDS.contains(kind)) {
            objects.add(subject);
        }
    }

    void add(Collection<Difference> differences, Collection<Discrepancy> found) {
        for (Difference difference : differences) {
            if (difference.object() != null) {
                objects.add(difference.object());
            }
        }
        found.forEach(each -> add(each.kind(), each.account(), each.subject()));
    }

    /** All balances from their first lines on. */
    Map<UUID, Long> wholeBalances() {
        Map<UUID, Long> whole = new HashMap<>();
        balances.forEach(account -> whole.put(account, 1L));
        return whole;
    }

    /** An owned account, or a shared one on a day. */
    private void addKept(String subject) {
        int space = subject.indexOf(' ');
        if (space < 0) {
            balances.add(UUID.fromString(subject));
        } else {
            days.add(LocalDate.parse(subject.substring(space + 1)));
        }
    }
}
