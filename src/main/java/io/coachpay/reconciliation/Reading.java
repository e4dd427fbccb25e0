package io.coachpay.reconciliation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import io.coachpay.access.Rows;
import io.coachpay.reconciliation.BookComparison.Difference;

/**
 * Reads the books page by page: objects touched since a mark, objects that differed before, and, while a sweep is under way, a
 * share of all the rest. An object that agreed and was not touched still agrees. Each object is read at one moment; no
 * statement takes long, and none holds back vacuum.
 */
final class Reading {

    /** Rows are made a while before they can be seen; no database transaction lasts that long. */
    static final Duration OVERLAP = Duration.ofHours(1);

    /** After this time a sweep continues at the next run. */
    private static final Duration SWEEPING = Duration.ofMinutes(5);

    /** More than this differs only when something is very wrong; the rest is read once that is put right. */
    private static final int MOST_DIFFERENCES = 100_000;
    private static final int REMEMBERED = 500_000;
    private static final int ACCOUNTS = 1000;

    private final Rows books;
    private final Touched touched;
    private final KeptSums sums;
    private final Clock clock;
    private final Instant now;
    private final Instant young;
    private final Runnable progress;
    private final Map<String, List<Difference>> differences = new HashMap<>();
    private final Map<String, List<Discrepancy>> clearing = new HashMap<>();
    private final List<Discrepancy> kept = new ArrayList<>();
    private final Map<UUID, Long> accounts = new HashMap<>();
    private final Set<String> compared = new HashSet<>();
    private int differing;
    private long lines;

    /**
     * @param clock decides what is available when a page is read
     * @param young movements since then are on their way
     * @param progress called after each page
     */
    Reading(Rows books, Clock clock, Instant young, Runnable progress) {
        this.books = books;
        this.touched = new Touched(books);
        this.clock = clock;
        this.now = clock.instant();
        this.sums = new KeptSums(books, now);
        this.young = young;
        this.progress = progress;
    }

    /**
     * Reads.
     *
     * @param since by the database's clock
     * @param sweep where the sweep under way resumes, if one is
     */
    Books read(Instant since, Suspects suspects, Sweep sweep) {
        Instant from = since.minus(OVERLAP);
        compareAll(suspects.objects());
        journals(from);
        touched.lines(from, this::compare);
        unmatched();
        touched.overdue(now, this::compare);
        Sweep swept = sweep(sweep);
        accounts.putAll(suspects.wholeBalances());
        balances(from, suspects);
        Set<LocalDate> days = new LinkedHashSet<>(suspects.days());
        days.addAll(touched.days(from));
        days.forEach(day -> kept.addAll(sums.day(day)));
        InternalChecks.Outcome checks = InternalChecks.all(books, now);
        List<Discrepancy> found = new ArrayList<>(sums.entries());
        found.addAll(kept);
        found.addAll(clearing.values().stream().flatMap(List::stream).toList());
        found.addAll(checks.found());
        return new Books(differences.values().stream().flatMap(List::stream)
                .sorted(Comparator.comparing(Difference::last).reversed()).toList(), found, checks.more(), isFull(), swept,
                lines);
    }

    /**
     * The result.
     *
     * @param objects those that differ, newest first
     * @param found further discrepancies
     * @param moreFound the kinds of those of which there may be more
     * @param full whether so much differs that the rest was not read
     * @param swept the progress of the sweep
     * @param lines how many of Stripe's balance transactions were compared
     */
    record Books(List<Difference> objects, List<Discrepancy> found, Set<Kind> moreFound, boolean full, Sweep swept,
            long lines) {

        /** The newest differences, each of which is reported. */
        List<Difference> told() {
            return objects.subList(0, Math.min(objects.size(), BookComparison.MOST_OBJECTS));
        }

        /** Whether all differences are reported, so that the books need not be read again. */
        boolean isWhole() {
            return !full && objects.size() <= BookComparison.MOST_OBJECTS;
        }

        /** The kinds of which there may be more than is reported. */
        Set<Kind> more() {
            Set<Kind> more = EnumSet.noneOf(Kind.class);
            more.addAll(moreFound);
            if (!isWhole()) {
                more.addAll(BookComparison.OF_OBJECTS);
            }
            if (full) {
                more.addAll(EnumSet.of(Kind.PENDING, Kind.AVAILABLE, Kind.PLATFORM, Kind.REFUND_CLEARING));
            }
            return more;
        }

        /** The difference of each account: the sum of its objects', in each currency. */
        List<Difference> accounts() {
            Map<List<String>, Difference> accounts = new HashMap<>();
            for (Difference each : objects) {
                accounts.merge(List.of(each.account(), each.currency()), each.ofAccount(), Difference::plus);
            }
            return accounts.values().stream()
                    .filter(each -> each.pending().signum() != 0 || each.available().signum() != 0).toList();
        }
    }

    private void journals(Instant from) {
        Touched.Page page = touched.journals(touched.before(from));
        while (true) {
            compare(page.objects());
            touched.accounts(page.ids()).forEach((account, line) -> accounts.merge(account, line, Math::min));
            if (page.isLast()) {
                return;
            }
            page = touched.journals(page.next());
        }
    }

    private void unmatched() {
        Touched.Page page = touched.unmatched(new UUID(0, 0));
        while (true) {
            compare(page.objects());
            if (page.isLast() || isFull()) {
                return;
            }
            page = touched.unmatched(page.next());
        }
    }

    private void compareAll(Collection<String> objects) {
        inSlices(objects, Touched.PAGE, this::compare);
    }

    private static <T> void inSlices(Collection<T> all, int size, Consumer<List<T>> work) {
        List<T> list = List.copyOf(all);
        for (int begin = 0; begin < list.size(); begin += size) {
            work.accept(list.subList(begin, Math.min(begin + size, list.size())));
        }
    }

    /** An object met again was touched by the same change as the first time, so it is read once. */
    private void compare(List<String> objects) {
        if (compared.size() > REMEMBERED) {
            compared.clear();
        }
        Set<String> fresh = new LinkedHashSet<>(objects);
        fresh.removeAll(compared);
        if (fresh.isEmpty() || isFull()) {
            return;
        }
        compared.addAll(fresh);
        BookComparison.Objects page = BookComparison.Objects.of(fresh);
        BookComparison.Outcome outcome = BookComparison.compare(books, clock.instant(), page);
        lines += outcome.lines();
        for (String object : fresh) {
            List<Difference> before = differences.remove(object);
            differing -= before == null ? 0 : before.size();
            clearing.remove(object);
        }
        for (Difference each : outcome.differences()) {
            differences.computeIfAbsent(String.valueOf(each.object()), object -> new ArrayList<>()).add(each);
            differing++;
        }
        sums.clearing(page, young)
                .forEach(each -> clearing.computeIfAbsent(each.subject(), subject -> new ArrayList<>()).add(each));
        progress.run();
    }

    private boolean isFull() {
        return differing >= MOST_DIFFERENCES;
    }

    private void balances(Instant from, Suspects suspects) {
        Set<UUID> coaches = new LinkedHashSet<>(touched.coaches(from));
        inSlices(accounts.entrySet(), ACCOUNTS, some -> {
            Map<UUID, Long> asked = new HashMap<>();
            some.forEach(account -> asked.put(account.getKey(), account.getValue()));
            kept.addAll(sums.balances(asked));
            coaches.addAll(touched.coachesOf(List.copyOf(asked.keySet())));
            progress.run();
        });
        kept.addAll(sums.payouts(List.of(), suspects.coaches()));
        inSlices(coaches, ACCOUNTS, some -> {
            kept.addAll(sums.payouts(some, List.of()));
            progress.run();
        });
    }

    private Sweep sweep(Sweep begin) {
        long until = System.nanoTime() + SWEEPING.toNanos();
        Sweep at = begin;
        while (at.part() != null && System.nanoTime() < until && !isFull()) {
            at = switch (at.part()) {
                case JOURNALS -> sweepJournals(at);
                case BALANCES -> sweepBalances(at);
                case DAYS -> sweepDay(at);
                case COACHES -> sweepCoaches(at);
            };
            progress.run();
        }
        return at;
    }

    private Sweep sweepJournals(Sweep at) {
        Touched.Page page = touched.journals(at.id());
        compare(page.objects());
        return page.isLast() ? at.nextPart() : at.after(page.next().toString());
    }

    private Sweep sweepBalances(Sweep at) {
        List<UUID> page = touched.allBalances(at.id());
        Map<UUID, Long> asked = new HashMap<>();
        page.forEach(account -> asked.put(account, 1L));
        kept.addAll(sums.balances(asked));
        return page.isEmpty() ? at.nextPart() : at.after(page.get(page.size() - 1).toString());
    }

    private Sweep sweepDay(Sweep at) {
        List<LocalDate> page = touched.allDays(at.day());
        page.forEach(day -> kept.addAll(sums.day(day)));
        return page.isEmpty() ? at.nextPart() : at.after(page.get(0).toString());
    }

    private Sweep sweepCoaches(Sweep at) {
        List<UUID> page = touched.allCoaches(at.id());
        kept.addAll(sums.payouts(page, List.of()));
        return page.isEmpty() ? at.nextPart() : at.after(page.get(page.size() - 1).toString());
    }
}
