package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;

import io.coachpay.payout.Allocation.Item;
import io.coachpay.payout.Allocation.Line;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The lines that payouts are made of, to the cent. */
class AllocationTest {

    private static final CurrencyUnit USD = CurrencyUnit.USD;

    @Test
    void takesRefundsFirstAndThenEarningsByTheirDay() {
        List<Line> open = List.of(line(1, "100.00", 4), line(2, "48.00", 2), line(3, "-100.00", 5), line(4, "100.00", 3));

        Allocation allocation = Allocation.of(usd("148.00"), open, false);

        assertThat(amounts(allocation)).containsExactly("-100.00", "48.00", "100.00", "100.00");
        assertThat(allocation.rest().isZero()).isTrue();
        assertThat(allocation.allocatedTo()).isEqualTo(4);
    }

    @Test
    void splitsTheLastLineAndGoesOnThere() {
        List<Line> open = List.of(line(1, "100.00", 1), line(2, "100.00", 2), line(3, "100.00", 3));

        Allocation allocation = Allocation.of(usd("150.00"), open, false);

        assertThat(amounts(allocation)).containsExactly("100.00", "50.00");
        assertThat(allocation.allocatedTo()).as("the second line is open yet").isEqualTo(1);
    }

    @Test
    void remembersTheFirstLineThatIsOpenHoweverLaterOnesEnded() {
        List<Line> open = List.of(line(7, "30.00", 9), line(8, "-10.00", 9), line(9, "50.00", 1));

        Allocation allocation = Allocation.of(usd("40.00"), open, false);

        assertThat(amounts(allocation)).containsExactly("-10.00", "50.00");
        assertThat(allocation.allocatedTo()).isEqualTo(6);
    }

    @Test
    void leavesAloneWhatIsHeld() {
        List<Line> open = List.of(held(1, "100.00", 1), held(2, "-30.00", 2), line(3, "100.00", 3));

        Allocation allocation = Allocation.of(usd("100.00"), open, false);

        assertThat(allocation.items()).containsExactly(new Item(new UUID(0, 3), usd("100.00")));
        assertThat(allocation.allocatedTo()).as("both are open yet").isZero();
    }

    @Test
    void takesWhatIsHeldLastWhereTheMoneyIsGone() {
        List<Line> open = List.of(held(1, "100.00", 1), line(2, "100.00", 2));

        Allocation allocation = Allocation.of(usd("150.00"), open, true);

        assertThat(allocation.items()).containsExactly(new Item(new UUID(0, 2), usd("100.00")),
                new Item(new UUID(0, 1), usd("50.00")));
    }

    @Test
    void saysWhatNoLineWasLeftFor() {
        Allocation allocation = Allocation.of(usd("100.00"), List.of(line(1, "60.00", 1)), false);

        assertThat(amounts(allocation)).containsExactly("60.00");
        assertThat(allocation.rest()).isEqualTo(usd("40.00"));
    }

    @Test
    void coversRefundsWithWhatStripeFetchedFromTheBank() {
        List<Line> open = List.of(line(1, "-60.00", 1), line(2, "20.00", 2), line(3, "-60.00", 3));

        Allocation allocation = Allocation.of(usd("-90.00"), open, false);

        assertThat(amounts(allocation)).containsExactly("20.00", "-60.00", "-50.00");
        assertThat(allocation.rest().isZero()).isTrue();
        assertThat(allocation.allocatedTo()).isEqualTo(2);
    }

    @Property
    void sumsToTheAmountAndNeverExceedsALine(@ForAll("histories") List<Line> open, @ForAll("amounts") Money amount) {
        Allocation allocation = Allocation.of(amount, open, false);
        Map<UUID, Line> lines = open.stream().collect(Collectors.toMap(Line::entry, Function.identity()));

        assertThat(sum(allocation.items()).plus(allocation.rest())).isEqualTo(amount);
        assertThat(allocation.items()).extracting(Item::entry).doesNotHaveDuplicates();
        assertThat(allocation.items()).allSatisfy(item -> {
            Money line = lines.get(item.entry()).open();
            assertThat(item.amount().isNegative()).isEqualTo(line.isNegative());
            assertThat(item.amount().isZero()).isFalse();
            assertThat(item.amount().abs()).isLessThanOrEqualTo(line.abs());
        });
    }

    @Property
    void leavesNothingOpenThatIsDueFirst(@ForAll("histories") List<Line> open, @ForAll("amounts") Money amount) {
        Allocation allocation = Allocation.of(amount, open, false);
        Map<UUID, Money> taken = allocation.items().stream().collect(Collectors.toMap(Item::entry, Item::amount));

        List<Line> left = open.stream().filter(line -> !line.open().equals(taken.get(line.entry()))).toList();

        assertThat(left).as("whatever goes against it is taken as a whole")
                .allMatch(line -> line.open().isNegative() == amount.isNegative());
        assertThat(left.stream().filter(line -> taken.containsKey(line.entry()))).as("at most one is split").hasSizeLessThan(2);
        assertThat(left).as("every line up to the mark is taken").allMatch(line -> line.number() > allocation.allocatedTo());
        Instant lastTaken = open.stream().filter(line -> taken.containsKey(line.entry()))
                .filter(line -> line.open().isNegative() == amount.isNegative()).map(Line::availableOn)
                .max(Instant::compareTo).orElse(Instant.MIN);
        assertThat(left.stream().filter(line -> !taken.containsKey(line.entry())))
                .allMatch(line -> !line.availableOn().isBefore(lastTaken));
    }

    @Property
    void findsLinesForWhateverIsAvailable(@ForAll("histories") List<Line> open) {
        Money available = open.stream().map(Line::open).reduce(Money.zero(USD), Money::plus);
        if (available.isZero()) {
            return;
        }

        assertThat(Allocation.of(available, open, false).rest().isZero()).isTrue();
    }

    private static Money sum(List<Item> items) {
        return items.stream().map(Item::amount).reduce(Money.zero(USD), Money::plus);
    }

    private static List<String> amounts(Allocation allocation) {
        return allocation.items().stream().map(item -> item.amount().getAmount().toPlainString()).toList();
    }

    private static Line line(int number, String open, int day) {
        return new Line(new UUID(0, number), number, usd(open), Instant.ofEpochSecond(day * 86_400L), false);
    }

    private static Line held(int number, String open, int day) {
        return new Line(new UUID(0, number), number, usd(open), Instant.ofEpochSecond(day * 86_400L), true);
    }

    private static Money usd(String amount) {
        return Money.of(USD, new BigDecimal(amount));
    }

    @Provide
    Arbitrary<List<Line>> histories() {
        Arbitrary<Integer> cents = Arbitraries.integers().between(-20_000, 20_000).filter(amount -> amount != 0);
        Arbitrary<Integer> days = Arbitraries.integers().between(1, 9);
        return cents.list().ofMaxSize(12)
                .flatMap(amounts -> days.list().ofSize(amounts.size()).map(on -> lines(amounts, on)));
    }

    private static List<Line> lines(List<Integer> cents, List<Integer> days) {
        return IntStream.range(0, cents.size())
                .mapToObj(i -> line(i + 1, BigDecimal.valueOf(cents.get(i), 2).toPlainString(), days.get(i)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Provide
    Arbitrary<Money> amounts() {
        return Arbitraries.integers().between(-50_000, 50_000).filter(amount -> amount != 0)
                .map(cents -> Money.of(USD, BigDecimal.valueOf(cents, 2)));
    }
}
