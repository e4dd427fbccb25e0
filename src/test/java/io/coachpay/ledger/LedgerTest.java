package io.coachpay.ledger;

import static io.coachpay.ledger.Account.Kind.COACH_AVAILABLE;
import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final int WRITERS = 6;
    private static final int ROUNDS = 20;

    @Test
    void postsFactOnceHoweverOftenItIsTold() {
        UUID coach = Books.newCoach(CurrencyUnit.USD);
        String payment = reference("pi");

        int first = Books.post(paid(payment, coach, "USD 125.00", "USD 25.00"));
        int second = Books.post(paid(payment, coach, "USD 125.00", "USD 25.00"));

        assertThat(List.of(first, second)).containsExactly(1, 0);
        assertThat(Books.history(COACH_PENDING, coach)).hasSize(1);
    }

    @Test
    void postsFactToldTwiceInOneCallOnce() {
        UUID coach = Books.newCoach(CurrencyUnit.USD);
        String payment = reference("pi");

        int posted = Books.post(paid(payment, coach, "USD 125.00", "USD 25.00"),
                paid(payment, coach, "USD 125.00", "USD 25.00"));

        assertThat(posted).isEqualTo(1);
        assertThat(Books.balances(coach, CurrencyUnit.USD)).containsEntry(COACH_PENDING, Money.parse("USD 100.00"));
    }

    @Test
    void postsWhatIsNewBesideWhatIsNot() {
        UUID coach = Books.newCoach(CurrencyUnit.USD);
        String payment = reference("pi");
        Books.post(paid(payment, coach, "USD 125.00", "USD 25.00"));

        int posted = Books.post(paid(payment, coach, "USD 125.00", "USD 25.00"),
                Postings.fundsAvailable(reference("txn"), coach, Money.parse("USD 100.00"), NOW));

        assertThat(posted).isEqualTo(1);
        assertThat(Books.balances(coach, CurrencyUnit.USD)).containsEntry(COACH_PENDING, Money.parse("USD 0.00"))
                .containsEntry(COACH_AVAILABLE, Money.parse("USD 100.00"));
    }

    @Test
    void letsPayoutFailOnceWhicheverAccountHoldsIt() {
        UUID coach = Books.newCoach(CurrencyUnit.USD);
        String payout = reference("po");
        Money amount = Money.parse("USD 100.00");

        int posted = Books.post(Postings.payoutCreated(payout, coach, amount, NOW),
                Postings.payoutFailed(payout, coach, amount, NOW));
        int again = Books.post(Postings.payoutReturned(payout, coach, amount, NOW));

        assertThat(List.of(posted, again)).containsExactly(2, 0);
    }

    @Test
    void keepsCurrenciesOfOneCoachApart() {
        UUID coach = Books.newCoach(CurrencyUnit.USD);

        Books.post(paid(reference("pi"), coach, "USD 125.00", "USD 25.00"),
                paid(reference("pi"), coach, "JPY 6667", "JPY 1333"));

        assertThat(Books.balances(coach, CurrencyUnit.USD)).containsEntry(COACH_PENDING, Money.parse("USD 100.00"));
        assertThat(Books.balances(coach, CurrencyUnit.JPY)).containsEntry(COACH_PENDING, Money.parse("JPY 5334"));
        assertThat(Books.figures(coach).totalEarnings()).as("in the profile's currency").isEqualByComparingTo("100.00");
    }

    @Test
    void opensAccountsOfNewCoachesForManyWritersAtOnce() throws Exception {
        UUID coach = Books.newCoach(CurrencyUnit.USD);

        together(writer -> Books.post(paid(reference("pi"), coach, "USD 12.00", "USD 2.00")));

        assertThat(Books.history(COACH_PENDING, coach)).hasSize(WRITERS);
        assertThat(Books.balances(coach, CurrencyUnit.USD)).containsEntry(COACH_PENDING, Money.parse("USD 60.00"));
    }

    @Test
    void neverDeadlocksNorLosesALineWhenManyWriteForTheSameCoaches() throws Exception {
        List<UUID> coaches = List.of(Books.newCoach(CurrencyUnit.USD), Books.newCoach(CurrencyUnit.USD),
                Books.newCoach(CurrencyUnit.USD));

        together(writer -> {
            Random random = new Random(writer);
            for (int round = 0; round < ROUNDS; round++) {
                List<Journal> batch = new ArrayList<>();
                for (UUID coach : coaches) {
                    batch.add(random.nextInt(batch.size() + 1), paid(reference("pi"), coach, "USD 12.00", "USD 2.00"));
                    batch.add(random.nextInt(batch.size() + 1),
                            Postings.fundsAvailable(reference("txn"), coach, Money.parse("USD 4.00"), NOW));
                }
                Books.post(batch.toArray(Journal[]::new));
            }
        });

        for (UUID coach : coaches) {
            assertThat(Books.balances(coach, CurrencyUnit.USD))
                    .containsEntry(COACH_PENDING, Money.parse("USD 6.00").multipliedBy(WRITERS * ROUNDS))
                    .containsEntry(COACH_AVAILABLE, Money.parse("USD 4.00").multipliedBy(WRITERS * ROUNDS));
            isContinuous(Books.history(COACH_PENDING, coach), 2 * WRITERS * ROUNDS);
            isContinuous(Books.history(COACH_AVAILABLE, coach), WRITERS * ROUNDS);
        }
    }

    /** Line numbers run from one without a gap, and each line begins with the balance after the one before. */
    private static void isContinuous(List<Books.Line> lines, int length) {
        assertThat(lines).hasSize(length);
        Money balance = Money.zero(CurrencyUnit.USD);
        for (int i = 0; i < length; i++) {
            Books.Line line = lines.get(i);
            assertThat(line).isEqualTo(new Books.Line(i + 1, balance, line.amount(), balance.plus(line.amount())));
            balance = line.after();
        }
    }

    private interface Work {
        void by(int writer);
    }

    private static void together(Work work) throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                all.add(writers.submit(() -> work.by(writer)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private static Journal paid(String payment, UUID coach, String amount, String fee) {
        return Postings.sessionPaid(payment, coach, Money.parse(amount), Money.parse(fee), NOW);
    }

    private static String reference(String prefix) {
        return prefix + "_" + UUID.randomUUID();
    }
}
