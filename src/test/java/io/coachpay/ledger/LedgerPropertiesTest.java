package io.coachpay.ledger;

import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

import io.coachpay.money.Share;
import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LedgerPropertiesTest {

    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

    @Property
    void everySplitMakesJournalsThatBalance(@ForAll("splits") Split split) {
        UUID coach = UUID.randomUUID();

        List<Journal> journals = List.of(
                Postings.sessionPaid("pi_1", coach, split.price(), split.fee(), NOW),
                Postings.refunded("re_1", split.price(), NOW),
                Postings.transferReversed("trr_1", coach, split.price(), NOW));

        assertThat(journals).allSatisfy(
                journal -> assertThat(journal.entries().stream().map(entry -> entry.amount().toMoney()).reduce(Money::plus))
                        .get().matches(Money::isZero));
    }

    @Property
    void refundInFullLeavesTheCoachNothing(@ForAll("splits") Split split) {
        UUID coach = UUID.randomUUID();
        Stream<Journal> journals = Stream.of(
                Postings.sessionPaid("pi_1", coach, split.price(), split.fee(), NOW),
                Postings.refunded("re_1", split.price(), NOW),
                Postings.transferReversed("trr_1", coach, split.price(), NOW));
        Stream<Journal> feeRefund = split.fee().isZero() ? Stream.of()
                : Stream.of(Postings.feeRefunded("fr_1", coach, split.fee(), NOW));

        Map<Account, Money> left = Stream.concat(journals, feeRefund).flatMap(journal -> journal.entries().stream())
                .collect(Collectors.toMap(Entry::account, entry -> entry.amount().toMoney(), Money::plus));

        assertThat(left.values()).allMatch(Money::isZero);
    }

    @Property
    void refundsInPartsLeaveNoRemainder(@ForAll("threeCurrencies") Split split,
            @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 99) Integer> parts) {
        UUID coach = UUID.randomUUID();
        CurrencyUnit currency = split.price().getCurrencyUnit();
        Refunds refunds = new Refunds(split, coach);

        parts.forEach(part -> refunds.give(Share.percent(split.price().minus(refunds.refunded), BigDecimal.valueOf(part))));

        BigDecimal unrounded = split.payout().getAmount().multiply(split.price().minus(refunds.refunded).getAmount())
                .divide(split.price().getAmount(), MathContext.DECIMAL128);
        BigDecimal halfUnits = StripeCurrencies.of(currency).chargeUnit().getAmount()
                .multiply(BigDecimal.valueOf(parts.size())).divide(BigDecimal.valueOf(2));
        assertThat(refunds.of(COACH_PENDING).getAmount()).as("off by at most half a unit for each part")
                .isCloseTo(unrounded, within(halfUnits));

        refunds.give(split.price().minus(refunds.refunded));

        assertThat(refunds.feeRefunded).isEqualTo(split.fee());
        assertThat(refunds.left).allSatisfy((account, money) -> assertThat(money).isEqualTo(Money.zero(currency)));
    }

    /** The accounts' balances while a payment is refunded in parts; they sum to zero after each journal. */
    private static final class Refunds {

        private final Split split;
        private final UUID coach;
        private final Map<Account, Money> left = new HashMap<>();
        private Money refunded;
        private Money feeRefunded;

        Refunds(Split split, UUID coach) {
            this.split = split;
            this.coach = coach;
            this.refunded = Money.zero(split.price().getCurrencyUnit());
            this.feeRefunded = refunded;
            book(Postings.sessionPaid("pi_1", coach, split.price(), split.fee(), NOW));
        }

        void give(Money part) {
            Money fee = split.feeRefund(part, refunded, feeRefunded);
            if (part.isPositive()) {
                book(Postings.refunded("re_1", part, NOW));
                book(Postings.transferReversed("trr_1", coach, part, NOW));
            }
            if (fee.isPositive()) {
                book(Postings.feeRefunded("fr_1", coach, fee, NOW));
            }
            refunded = refunded.plus(part);
            feeRefunded = feeRefunded.plus(fee);
        }

        Money of(Account.Kind kind) {
            return left.getOrDefault(Account.of(kind, coach), Money.zero(split.price().getCurrencyUnit()));
        }

        private void book(Journal journal) {
            journal.entries().forEach(entry -> left.merge(entry.account(), entry.amount().toMoney(), Money::plus));
            assertThat(Money.total(left.values())).as("after %s", journal).matches(Money::isZero);
        }
    }

    @Property(tries = 25)
    void runningBalancesAreTheSumsOfTheirEntries(@ForAll @Size(min = 1, max = 8) List<@From("splits") Split> splits) {
        CurrencyUnit currency = splits.get(0).price().getCurrencyUnit();
        UUID coach = Books.newCoach(currency);

        Books.post(splits.stream()
                .map(split -> Postings.sessionPaid("pi_" + UUID.randomUUID(), coach, split.price(), split.fee(), NOW))
                .toArray(Journal[]::new));

        Map<CurrencyUnit, BigDecimal> payouts = splits.stream().map(Split::payout).filter(Money::isPositive)
                .collect(Collectors.toMap(Money::getCurrencyUnit, Money::getAmount, BigDecimal::add));
        payouts.forEach((unit, sum) -> assertThat(Books.balances(coach, unit))
                .containsExactlyEntriesOf(Map.of(Account.Kind.COACH_PENDING, Money.of(unit, sum))));
        assertThat(Books.figures(coach).totalEarnings())
                .isEqualByComparingTo(payouts.getOrDefault(currency, BigDecimal.ZERO));
    }

    @Provide
    Arbitrary<Split> splits() {
        return splits("USD", "JPY", "KWD", "ISK");
    }

    @Provide
    Arbitrary<Split> threeCurrencies() {
        return splits("USD", "JPY", "KWD");
    }

    private static Arbitrary<Split> splits(String... currencies) {
        Arbitrary<Money> prices = Arbitraries.of(currencies).map(StripeCurrencies::of)
                .flatMap(currency -> Arbitraries.longs().between(1, 9_999_999).map(currency.chargeUnit()::multipliedBy));
        Arbitrary<BigDecimal> percentages = Arbitraries.bigDecimals().between(BigDecimal.ZERO, BigDecimal.valueOf(100))
                .ofScale(2);
        return Combinators.combine(prices, percentages).as(Split::of);
    }
}
