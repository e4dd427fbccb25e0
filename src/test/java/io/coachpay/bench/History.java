package io.coachpay.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.joda.money.Money;

import io.coachpay.bench.CoachBooks.Holding;
import io.coachpay.bench.CoachBooks.Terms;
import io.coachpay.bench.CoachBooks.Unpaid;
import io.coachpay.bench.HistoryBooks.Line;
import io.coachpay.bench.HistoryBooks.Shared;

/**
 * Three years of business, put straight into the tables as if the service had done it: sessions and their payments, what became
 * of them at Stripe, refunds, journals, and payouts of all but the last five weeks. The tenth part of all payments is one busy
 * coach's; the others share the rest evenly. It is played through in the order of time, so that every running balance is
 * right, and comes out the same each time.
 */
final class History {

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int DAYS = 3 * 365;
    private static final int UNPAID_DAYS = 35;
    private static final int MENTEES = 10_000;
    private static final int BUSY_SHARE = 10;
    /** One in so many payments is given up, one in so many payouts fails. */
    private static final int GIVEN_UP = 50;
    private static final int FAILING = 200;

    private final Tables tables;
    private final long since;
    private final long until;
    private final int payments;
    private final HistoryBooks books;
    private final List<CoachBooks> coaches = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
    private long dues;
    private long refunds;
    private long payouts;
    private long items;

    private History(Tables tables, int payments, int coaches, IntFunction<String> stripeAccounts, Instant until) {
        this.tables = tables;
        this.payments = payments;
        this.until = until.truncatedTo(ChronoUnit.SECONDS).toEpochMilli();
        this.since = this.until - DAYS * DAY;
        this.books = new HistoryBooks(tables, since);
        for (int coach = 0; coach < coaches; coach++) {
            this.coaches.add(new CoachBooks(coach, since, terms(coach), stripeAccounts.apply(coach), coach == 0));
        }
    }

    /** What happens at a time, and the turn it takes among what happens at the same. */
    private record Due(long at, long number, Happening happening) {
    }

    private interface Happening {
        void at(long time) throws SQLException;
    }

    /**
     * Fills the tables of a migrated database; what was there is gone.
     *
     * @param payments how many there have ever been
     * @param coaches who share them; the first one is the busy one
     * @param stripeAccounts the account of each coach
     * @param until when the history ends
     * @return how many rows there are
     */
    static long write(String url, int payments, int coaches, IntFunction<String> stripeAccounts, Instant until)
            throws Exception {
        try (Tables tables = new Tables(url)) {
            new History(tables, payments, coaches, stripeAccounts, until).play();
            return tables.finish();
        }
    }

    /** What each coach is paid in. */
    static List<String> currencies(int coaches) {
        return IntStream.range(0, coaches).mapToObj(coach -> terms(coach).currency()).toList();
    }

    /** An account that no sandbox knows. */
    static String account(int coach) {
        return Made.CONNECTED_ACCOUNT.stripeId("acct", coach);
    }

    private static Terms terms(int coach) {
        if (coach == 0) {
            return Terms.of(Money.parse("USD 100.00"), 15);
        }
        return switch (coach % 20) {
            case 7 -> Terms.of(Money.parse("JPY 8000"), 50);
            case 13 -> Terms.of(Money.parse("EUR 79.90"), 60);
            default -> Terms.of(Money.parse("USD " + (40 + coach % 9 * 12) + ".00"), 60);
        };
    }

    private void play() throws SQLException {
        for (CoachBooks coach : coaches) {
            schedule(firstRun(coach, since), time -> run(coach, time));
        }
        double step = (double) (until - since) / payments;
        for (int payment = 0; payment < payments; payment++) {
            long at = since + (long) (payment * step);
            happen(at);
            pay(payment, at);
        }
        happen(until);
        for (CoachBooks coach : coaches) {
            coach.write(tables, until);
        }
        books.write(until);
        for (int mentee = 0; mentee < MENTEES; mentee++) {
            tables.person(mentee(mentee), "mentee-" + mentee, since);
        }
    }

    private void happen(long upTo) throws SQLException {
        while (!due.isEmpty() && due.peek().at() <= upTo) {
            Due next = due.remove();
            next.happening().at(next.at());
        }
    }

    private void schedule(long at, Happening happening) {
        if (at <= until) {
            due.add(new Due(at, dues++, happening));
        }
    }

    private UUID mentee(long number) {
        return Made.USER.id(since, 1_000_000 + number % MENTEES);
    }

    private CoachBooks coach(int payment) {
        if (payment % BUSY_SHARE == 0) {
            return coaches.get(0);
        }
        return coaches.get(1 + (payment - payment / BUSY_SHARE - 1) % (coaches.size() - 1));
    }

    private void pay(int number, long at) throws SQLException {
        CoachBooks coach = coach(number);
        Purchase purchase = new Purchase(number, at, coach, fate(number, at), mentee(number * 7919L));
        purchase.write(tables, until);
        if (purchase.fate() == Fate.GIVEN_UP) {
            return;
        }
        Terms terms = coach.terms;
        UUID paid = books.journal("session_paid", purchase.intent(), purchase.id(), at);
        books.entry(paid, coach, Shared.EXTERNAL, -terms.price(), at);
        books.entry(paid, coach, Holding.COACH_PENDING, terms.payout(), at);
        books.entry(paid, coach, Shared.PLATFORM_REVENUE, terms.fee(), at);
        UUID fee = books.journal("stripe_fee", books.nextTransaction(), purchase.id(), at);
        books.entry(fee, coach, Shared.STRIPE_FEES, -terms.processing(), at);
        books.entry(fee, coach, Shared.EXTERNAL, terms.processing(), at);

        long available = at + 2 * DAY;
        books.line(null, coach, new Line("charge", purchase.charge(), terms.price(), terms.processing(), at, available), paid,
                fee);
        books.line(null, coach, new Line("transfer", purchase.transfer(), -terms.price(), 0, at, available), paid, paid);
        books.line(null, coach, new Line("application_fee", purchase.fee(), terms.fee(), 0, at, available), paid, paid);
        becomesAvailable(purchase, paid,
                new Line("payment", purchase.destinationPayment(), terms.price(), terms.fee(), at, available));
        if (purchase.fate().refunds()) {
            schedule(at + purchase.fate().after, time -> refund(purchase, time));
        }
    }

    /** What becomes of a payment; a refund that lies ahead is none. */
    private Fate fate(int number, long at) {
        if (number % GIVEN_UP == GIVEN_UP - 1) {
            return Fate.GIVEN_UP;
        }
        Fate fate = Fate.of((int) (((number * 0x9e3779b97f4a7c15L) >>> 32) % 1000));
        return at + fate.after > until ? Fate.KEPT : fate;
    }

    private void becomesAvailable(Purchase purchase, UUID fact, Line line) throws SQLException {
        CoachBooks coach = purchase.coach();
        if (line.availableOn() > until) {
            books.line(coach.stripeAccount, coach, line, fact, null);
            return;
        }
        schedule(line.availableOn(), time -> {
            UUID journal = books.journal("funds_available", books.nextTransaction(), purchase.id(), time);
            books.line(coach.stripeAccount, coach, line, fact, journal);
            books.entry(journal, coach, Holding.COACH_PENDING, -line.net(), time);
            UUID entry = books.entry(journal, coach, Holding.COACH_AVAILABLE, line.net(), time);
            coach.unpaid.add(new Unpaid(entry, coach.line(Holding.COACH_AVAILABLE), line.net()));
        });
    }

    private void refund(Purchase purchase, long at) throws SQLException {
        CoachBooks coach = purchase.coach();
        long number = ++refunds;
        long amount = purchase.refunded();
        long fee = purchase.feeRefunded();
        String refund = Made.REFUND.stripeId("re", number);
        String reversal = Made.REVERSAL.stripeId("trr", number);
        String feeRefund = Made.FEE_REFUND.stripeId("fr", number);
        purchase.writeRefund(tables, number, at);

        UUID refunded = books.journal("refunded", refund, purchase.id(), at);
        books.entry(refunded, coach, Shared.EXTERNAL, amount, at);
        books.entry(refunded, coach, Shared.REFUND_CLEARING, -amount, at);
        UUID reversed = books.journal("transfer_reversed", reversal, purchase.id(), at);
        books.entry(reversed, coach, Holding.COACH_PENDING, -amount, at);
        books.entry(reversed, coach, Shared.REFUND_CLEARING, amount, at);
        UUID returned = books.journal("fee_refunded", feeRefund, purchase.id(), at);
        books.entry(returned, coach, Shared.PLATFORM_REVENUE, -fee, at);
        books.entry(returned, coach, Holding.COACH_PENDING, fee, at);

        long available = Math.max(at, purchase.at() + 2 * DAY);
        books.line(null, coach, new Line("refund", refund, -amount, 0, at, available), refunded, refunded);
        books.line(null, coach, new Line("transfer_refund", reversal, amount, 0, at, available), reversed, reversed);
        books.line(null, coach, new Line("application_fee_refund", feeRefund, -fee, 0, at, available), returned, returned);
        becomesAvailable(purchase, reversed,
                new Line("payment_refund", Made.DESTINATION_REFUND.stripeId("pyr", number), -amount, -fee, at,
                        available));
    }

    private static long firstRun(CoachBooks coach, long after) {
        Instant day = Instant.ofEpochMilli(after).truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        return coach.busy ? day.toEpochMilli()
                : day.atZone(ZoneOffset.UTC).plusMonths(1).withDayOfMonth(1).toInstant().toEpochMilli();
    }

    private void run(CoachBooks coach, long at) throws SQLException {
        if (at > until - UNPAID_DAYS * DAY) {
            return;
        }
        schedule(firstRun(coach, at), time -> run(coach, time));
        coach.lastRun = at;
        long amount = coach.unpaid.stream().mapToLong(Unpaid::amount).sum();
        if (amount >= coach.terms.minimum()) {
            payOut(coach, amount, at);
        }
    }

    private void payOut(CoachBooks coach, long amount, long at) throws SQLException {
        long number = ++payouts;
        String payout = Made.PAYOUT.stripeId("po", number);
        UUID id = Made.PAYOUT.id(at, number);
        long arrival = at + 2 * DAY;
        boolean fails = number % FAILING == 0;
        List<Unpaid> taken = coach.unpaid;
        coach.unpaid = new ArrayList<>();
        tables.payouts.uuid(id).uuid(coach.id).uuid(coach.connectedAccount).text(payout).amount(amount, coach.terms.digits())
                .text(coach.terms.currency()).text(fails ? "failed" : "paid").text("run")
                .day(Math.floorDiv(at, DAY)).time(at).time(arrival)
                .textIf(fails, "account_closed").time(at).time(arrival).time(at).end();
        for (Unpaid item : taken) {
            tables.payoutItems.uuid(Made.PAYOUT_ITEM.id(at, ++items)).uuid(id).uuid(item.entryId())
                    .amount(item.amount(), coach.terms.digits()).text(coach.terms.currency()).timeIf(fails, arrival)
                    .time(at).time(arrival).end();
        }
        UUID created = books.journal("payout_created", payout, null, at);
        books.entry(created, coach, Holding.COACH_AVAILABLE, -amount, at);
        books.entry(created, coach, Holding.COACH_IN_TRANSIT, amount, at);
        books.line(coach.stripeAccount, coach, new Line("payout", payout, -amount, 0, at, at), created, created);
        schedule(arrival, time -> arrive(coach, payout, amount, fails ? taken : List.of(), time));
    }

    /** @param released what waits for another payout, because this one failed */
    private void arrive(CoachBooks coach, String payout, long amount, List<Unpaid> released, long at) throws SQLException {
        boolean failed = !released.isEmpty();
        UUID journal = books.journal(failed ? "payout_failed" : "payout_paid", payout, null, at);
        books.entry(journal, coach, Holding.COACH_IN_TRANSIT, -amount, at);
        books.entry(journal, coach, failed ? Holding.COACH_AVAILABLE : Holding.COACH_PAID_OUT, amount, at);
        if (failed) {
            coach.unpaid.addAll(0, released);
            books.line(coach.stripeAccount, coach, new Line("payout_failure", payout, amount, 0, at, at), journal, journal);
        }
    }
}
