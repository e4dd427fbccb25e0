package io.coachpay.refund;

import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static io.coachpay.ledger.Account.Kind.EXTERNAL;
import static io.coachpay.ledger.Account.Kind.PLATFORM_REVENUE;
import static io.coachpay.ledger.Account.Kind.REFUND_CLEARING;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.joda.money.Money;

import io.coachpay.ledger.Account;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Postings;
import io.coachpay.money.Share;
import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Refunds that succeed, and some of them fail later, in any order: nobody gains by it, and nobody loses. */
class CoachSharePropertiesTest {

    /** A refund of so many hundredths of what is left, or the failure of one made before. */
    record Act(boolean fails, int number) {
    }

    @Property
    void sharesEachRefundAndEachFailure(@ForAll("splits") Split split,
            @ForAll @Size(max = 15) List<@From("acts") Act> acts) {
        Story story = new Story(split);
        // Stripe rounds each refund's share of the fee by itself; the last refund makes up for it.
        Money rounded = StripeCurrencies.of(split.price().getCurrencyUnit()).chargeUnit().multipliedBy((acts.size() + 1) / 2);

        for (Act act : acts) {
            story.play(act);

            assertThat(story.of(REFUND_CLEARING)).as("after %s", act).matches(Money::isZero);
            assertThat(story.of(EXTERNAL)).isEqualTo(story.standing().minus(split.price()));
            assertThat(story.of(PLATFORM_REVENUE)).isBetween(story.nothing, split.fee());
            assertThat(story.of(COACH_PENDING)).isGreaterThanOrEqualTo(rounded.negated());
        }
    }

    @Property
    void endsWithNothingWhenAllIsRefunded(@ForAll("splits") Split split, @ForAll @Size(max = 12) List<@From("acts") Act> acts) {
        Story story = new Story(split);
        acts.forEach(story::play);

        story.refund(split.price().minus(story.standing()));

        assertThat(story.books).allSatisfy((account, money) -> assertThat(money).as("%s", account).matches(Money::isZero));
    }

    @Property
    void endsAsPaidWhenAllFails(@ForAll("splits") Split split, @ForAll @Size(max = 12) List<@From("acts") Act> acts) {
        Story story = new Story(split);
        acts.forEach(story::play);

        while (story.standing().isPositive()) {
            story.fail(0);
        }

        assertThat(story.of(COACH_PENDING)).isEqualTo(split.payout());
        assertThat(story.of(PLATFORM_REVENUE)).isEqualTo(split.fee());
    }

    @Property
    void regainsNothingWhereNothingWasTaken(@ForAll("splits") Split split, @ForAll @IntRange(min = 1, max = 100) int percent) {
        Money nothing = Money.zero(split.price().getCurrencyUnit());
        Money fee = Share.percent(split.fee(), BigDecimal.valueOf(percent));

        Money regained = CoachShare.feeRegained(split, nothing, nothing, split.fee().minus(fee));

        assertThat(regained).isEqualTo(nothing);
    }

    @Provide
    Arbitrary<Act> acts() {
        return Combinators.combine(Arbitraries.of(false, false, true), Arbitraries.integers().between(1, 100)).as(Act::new);
    }

    @Provide
    Arbitrary<Split> splits() {
        return Combinators.combine(Arbitraries.of("USD", "JPY", "KWD"), Arbitraries.integers().between(50, 100_000),
                Arbitraries.integers().between(0, 10_000)).as(CoachSharePropertiesTest::split);
    }

    private static Split split(String code, int units, int basisPoints) {
        StripeCurrency currency = StripeCurrencies.of(code);
        return Split.of(currency.chargeUnit().multipliedBy(units), BigDecimal.valueOf(basisPoints, 2));
    }

    /** A payment at Stripe as far as its shares go, and the books that our journals make of it. */
    private static final class Story {

        private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

        private final UUID coach = UUID.randomUUID();
        private final Split split;
        private final Money nothing;
        private final Map<Account.Kind, Money> books = new EnumMap<>(Account.Kind.class);
        private final List<Given> standing = new ArrayList<>();
        private final List<CoachShare.Repayment> later = new ArrayList<>();
        private Money transferLeft;
        private Money feeLeft;

        /** A refund, and what the coach gave for it, gross. */
        private record Given(Money amount, Money gross) {
        }

        Story(Split split) {
            this.split = split;
            this.nothing = Money.zero(split.price().getCurrencyUnit());
            this.transferLeft = split.price();
            this.feeLeft = split.fee();
            book(Postings.sessionPaid("pi_1", coach, split.price(), split.fee(), NOW));
        }

        void play(Act act) {
            if (!act.fails()) {
                refund(Share.percent(split.price().minus(standing()), BigDecimal.valueOf(act.number())));
            } else if (!standing.isEmpty()) {
                fail(act.number() % standing.size());
            }
        }

        Money standing() {
            return Money.total(nothing.getCurrencyUnit(), standing.stream().map(Given::amount).toList());
        }

        void refund(Money amount) {
            if (!amount.isPositive()) {
                return;
            }
            book(Postings.refunded("re_1", amount, NOW));
            boolean all = standing().plus(amount).isEqual(split.price());
            Money reversed = reverse(amount.isLessThan(transferLeft) ? amount : transferLeft);
            Money share = all ? feeLeft : Share.of(split.fee(), amount, split.price());
            giveBack(share.isLessThan(feeLeft) ? share : feeLeft);
            standing.add(
                    new Given(amount, all ? reversed.plus(takeAll()) : reversed.plus(takeMissing(amount.minus(reversed)))));
        }

        void fail(int index) {
            Given failed = standing.remove(index);
            book(Postings.refundFailed("re_1", failed.amount(), NOW));
            Money given = Money.total(nothing.getCurrencyUnit(), standing.stream().map(Given::gross).toList());
            Money fee = CoachShare.feeRegained(split, failed.gross(), given, of(PLATFORM_REVENUE));
            Money repaid = failed.gross().minus(fee);
            if (repaid.isPositive()) {
                book(Postings.refundRepaid("tr_1", coach, repaid, NOW));
                later.add(new CoachShare.Repayment(repaid, fee, repaid));
            }
            if (fee.isPositive()) {
                book(Postings.feeRegained("re_1", fee, NOW));
            }
        }

        private Money takeMissing(Money missing) {
            List<CoachShare.Repayment> left = later.stream().filter(one -> one.left().isPositive()).toList();
            CoachShare.Given given = CoachShare.give(missing, left, of(PLATFORM_REVENUE).minus(feeLeft));
            later.clear();
            for (int i = 0; i < left.size(); i++) {
                later.add(new CoachShare.Repayment(left.get(i).amount(), left.get(i).fee(),
                        left.get(i).left().minus(given.taken().get(i))));
            }
            return takeBack(Money.total(nothing.getCurrencyUnit(), given.taken()), given.feeForgone());
        }

        private Money takeAll() {
            Money left = Money.total(nothing.getCurrencyUnit(), later.stream().map(CoachShare.Repayment::left).toList());
            later.clear();
            Money all = reverse(transferLeft);
            giveBack(feeLeft);
            return all.plus(takeBack(left, of(PLATFORM_REVENUE).minus(feeLeft)));
        }

        private Money takeBack(Money net, Money fee) {
            if (net.isPositive()) {
                book(Postings.transferReversed("trr_2", coach, net, NOW));
            }
            if (fee.isPositive()) {
                book(Postings.feeForgone("re_1", fee, NOW));
            }
            return net.plus(fee);
        }

        private Money reverse(Money gross) {
            if (gross.isPositive()) {
                book(Postings.transferReversed("trr_1", coach, gross, NOW));
                transferLeft = transferLeft.minus(gross);
            }
            return gross;
        }

        private void giveBack(Money fee) {
            if (fee.isPositive()) {
                book(Postings.feeRefunded("fr_1", coach, fee, NOW));
                feeLeft = feeLeft.minus(fee);
            }
        }

        Money of(Account.Kind kind) {
            return books.getOrDefault(kind, nothing);
        }

        private void book(Journal journal) {
            journal.entries().forEach(entry -> books.merge(entry.account().kind(), entry.amount(), Money::plus));
        }
    }
}
