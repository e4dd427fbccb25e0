package io.coachpay.reporting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;

/** The door to explanations of balances and payouts. */
@ApplicationScoped
class Explanations {

    /** Payouts without earnings between them make a page longer, up to this factor. */
    private static final int LONGER = 10;

    private final Access access;
    private final CoachAccounts accounts;
    private final PayoutParts parts;

    Explanations(Access access, CoachAccounts accounts, PayoutParts parts) {
        this.access = access;
        this.accounts = accounts;
        this.parts = parts;
    }

    /**
     * The signed-in coach's money at Stripe in one currency, pending and available together: the newest movements, and all
     * older ones carried forward in one line, which is the total of the next page.
     *
     * @param currency null for the profile's
     * @throws NotFound for a person who is not a coach (404)
     */
    @Transactional
    Explanation ofBalance(@Nullable String currency, Paging paging) {
        UUID coachId = access.userId();
        CoachAccounts.Both both = accounts.of(coachId, CoachAccounts.currency(currency, accounts.profile(coachId)));
        Place end = Place.of(paging, both);
        List<Movement> pending = accounts.lines(both.pending(), Math.max(1, end.pending - paging.limit()), end.pending);
        Place begin = new Place(end.pending - pending.size(), firstAvailable(both.available(), pending, end, paging.limit()));
        List<Movement> available = accounts.lines(both.available(), begin.available, end.available);
        Money total = accounts.before(both.pending(), end.pending).plus(accounts.before(both.available(), end.available));
        return page(total, CoachAccounts.together(pending, available), begin);
    }

    /** The start of the page on the available account: the money that became available by the pending account's lines. */
    private long firstAvailable(CoachAccounts.Account available, List<Movement> pending, Place end, int limit) {
        long least = Math.max(1, end.available - (long) limit * LONGER);
        if (end.pending - pending.size() == 1) {
            return least;
        }
        return pending.stream().filter(movement -> movement.kind() == LineKind.AVAILABILITY).reduce((newer, older) -> older)
                .map(oldest -> Math.max(least, accounts.lineOf(oldest.journalId(), available))).orElse(end.available);
    }

    private static Explanation page(Money total, List<Movement> movements, Place begin) {
        List<Line> lines = new ArrayList<>(movements.stream().sorted(Comparator.comparing(Movement::at).reversed())
                .flatMap(Movement::lines).toList());
        if (begin.isFirst()) {
            return new Explanation(total, lines, null);
        }
        lines.add(Line.rest(LineKind.CARRIED_FORWARD, left(total, lines)));
        return new Explanation(total, lines, Paging.cursorOf(new UUID(begin.pending, begin.available)));
    }

    /**
     * The parts of one of the signed-in coach's payouts. Each item is broken down as in Stripe's books.
     *
     * @throws NotFound for a payout that does not exist, or is not the caller's (404)
     */
    @Transactional
    Explanation ofPayout(UUID id, Paging paging) {
        PayoutParts.Whole payout = parts.whole(id, access.userId());
        List<PayoutParts.Part> found = parts.of(id, payout.amount().getCurrencyUnit(), paging.before(), paging.limit() + 1);
        boolean more = found.size() > paging.limit();
        List<PayoutParts.Part> shown = more ? found.subList(0, paging.limit()) : found;
        List<Line> lines = new ArrayList<>(shown.stream().flatMap(PayoutParts.Part::lines).toList());
        boolean paged = more || paging.continues();
        rest(LineKind.UNALLOCATED, paged ? payout.unallocated() : left(payout.amount(), lines)).ifPresent(lines::add);
        rest(LineKind.OTHER_PAGES, left(payout.amount(), lines)).ifPresent(lines::add);
        return new Explanation(payout.amount(), lines,
                more ? Paging.cursorOf(shown.get(shown.size() - 1).entryId()) : null);
    }

    private static Money left(Money total, List<Line> lines) {
        return total.minus(Explanation.sum(total, lines));
    }

    private static Optional<Line> rest(LineKind kind, Money amount) {
        return amount.isZero() ? Optional.empty() : Optional.of(Line.rest(kind, amount));
    }

    /** The end of a page and the start of the next: a line of each account. */
    private record Place(long pending, long available) {

        static Place of(Paging paging, CoachAccounts.Both both) {
            if (!paging.continues()) {
                return new Place(both.pending().end(), both.available().end());
            }
            UUID cursor = paging.before();
            Place place = new Place(cursor.getMostSignificantBits(), cursor.getLeastSignificantBits());
            if (place.pending < 1 || place.pending > both.pending().end() || place.available < 1
                    || place.available > both.available().end()) {
                throw new InvalidField("after", "is not a cursor of this list");
            }
            return place;
        }

        boolean isFirst() {
            return pending == 1 && available == 1;
        }
    }
}
