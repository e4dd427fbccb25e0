package io.coachpay.refund;

import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static io.coachpay.ledger.Account.Kind.EXTERNAL;
import static io.coachpay.ledger.Account.Kind.PLATFORM_REVENUE;
import static io.coachpay.ledger.Account.Kind.REFUND_CLEARING;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
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
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * A payment's only refund fails and is repaid to the coach, and then it is refunded again, in parts: no party gains or loses.
 */
class RefundSharesPropertiesTest {

    @Property
    void repaysToTheCent(@ForAll("splits") Split split, @ForAll @IntRange(min = 1, max = 100) int percent) {
        Story story = new Story(split);

        story.fails(percent);

        assertThat(story.of(COACH_PENDING)).isEqualTo(split.payout());
        assertThat(story.of(PLATFORM_REVENUE)).isEqualTo(split.fee());
        assertThat(story.of(REFUND_CLEARING)).matches(Money::isZero);
    }

    @Property
    void sharesEachRefundAfterIt(@ForAll("splits") Split split, @ForAll @IntRange(min = 1, max = 100) int failed,
            @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 100) Integer> percents) {
        Story story = new Story(split);
        story.fails(failed);
        // Stripe rounds each refund's share of the fee by itself; the last refund evens it out.
        Money rounded = StripeCurrencies.of(split.price().getCurrencyUnit()).chargeUnit().multipliedBy(percents.size() + 1);

        for (int percent : percents) {
            story.refund(Share.percent(split.price().minus(story.refunded), BigDecimal.valueOf(percent)));

            assertThat(story.of(REFUND_CLEARING)).matches(Money::isZero);
            assertThat(story.of(EXTERNAL)).isEqualTo(story.refunded.minus(split.price()));
            Money share = split.fee().minus(Share.of(split.fee(), story.refunded, split.price()));
            assertThat(story.of(PLATFORM_REVENUE)).isBetween(share.minus(rounded), share.plus(rounded));
        }
    }

    @Property
    void endsWithNothingWhenAllIsRefunded(@ForAll("splits") Split split, @ForAll @IntRange(min = 1, max = 100) int failed,
            @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 100) Integer> percents) {
        Story story = new Story(split);
        story.fails(failed);
        percents.forEach(percent -> story
                .refund(Share.percent(split.price().minus(story.refunded), BigDecimal.valueOf(percent))));

        story.refund(split.price().minus(story.refunded));

        assertThat(story.books).allSatisfy((account, money) -> assertThat(money).as("%s", account).matches(Money::isZero));
    }

    /** After a won dispute that had taken the coach's share, the repayment is net, and no fee was given up for it. */
    @Property
    void givesUpNoFeeThatStripeCanGiveBack(@ForAll("splits") Split split, @ForAll @IntRange(min = 1, max = 100) int percent) {
        Money part = Share.percent(split.price(), BigDecimal.valueOf(percent));
        Money given = Share.of(split.fee(), part, split.price());
        Money kept = split.fee().minus(given);

        assertThat(RefundSettlement.feeForgone(split, part, kept, kept.minus(kept))).matches(Money::isZero);
        assertThat(RefundSettlement.feeForgone(split, part, kept, split.fee())).matches(Money::isZero);
    }

    @Provide
    Arbitrary<Split> splits() {
        return Combinators.combine(Arbitraries.of("USD", "JPY", "KWD"), Arbitraries.integers().between(50, 100_000),
                Arbitraries.integers().between(0, 10_000)).as(RefundSharesPropertiesTest::split);
    }

    private static Split split(String code, int units, int basisPoints) {
        StripeCurrency currency = StripeCurrencies.of(code);
        return Split.of(currency.chargeUnit().multipliedBy(units), BigDecimal.valueOf(basisPoints, 2));
    }

    /** A payment's shares at Stripe, and the books that our journals make of it. */
    private static final class Story {

        private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

        private final UUID coach = UUID.randomUUID();
        private final Split split;
        private final Money nothing;
        private final Map<Account.Kind, Money> books = new EnumMap<>(Account.Kind.class);
        private Money refunded;
        private Money transferLeft;
        private Money feeLeft;
        private Money repaidLeft;

        Story(Split split) {
            this.split = split;
            this.nothing = Money.zero(split.price().getCurrencyUnit());
            this.refunded = nothing;
            this.transferLeft = split.price();
            this.feeLeft = split.fee();
            this.repaidLeft = nothing;
            book(Postings.sessionPaid("pi_1", coach, split.price(), split.fee(), NOW));
        }

        /** Refunds a percentage, which fails: the rule repays the coach. */
        void fails(int percent) {
            Money amount = Share.percent(split.price(), BigDecimal.valueOf(percent));
            if (!amount.isPositive()) {
                return;
            }
            asStripeRefunds(amount);
            book(Postings.refundFailed("re_1", amount, NOW));
            refunded = nothing;
            Money fee = split.fee().minus(of(PLATFORM_REVENUE));
            Money repaid = amount.minus(fee);
            repaidLeft = repaid;
            if (repaid.isPositive()) {
                book(Postings.refundRepaid("tr_1", coach, repaid, NOW));
            }
            if (fee.isPositive()) {
                book(Postings.feeRegained("re_1", fee, NOW));
            }
        }

        void refund(Money amount) {
            if (!amount.isPositive()) {
                return;
            }
            Money missing = amount.minus(asStripeRefunds(amount));
            Money regained = of(PLATFORM_REVENUE).minus(feeLeft);
            if (refunded.isEqual(split.price())) {
                takeBack(repaidLeft, regained);
            } else {
                Money fee = min(missing, RefundSettlement.feeForgone(split, refunded, of(PLATFORM_REVENUE), regained));
                takeBack(min(missing.minus(fee), repaidLeft), fee);
            }
        }

        /**
         * The amounts that Stripe takes of the payment's own transfer for a refund, and gives back of its fee; returns the
         * former.
         */
        private Money asStripeRefunds(Money amount) {
            book(Postings.refunded("re_1", amount, NOW));
            refunded = refunded.plus(amount);
            Money gross = min(amount, transferLeft);
            if (gross.isPositive()) {
                book(Postings.transferReversed("trr_1", coach, gross, NOW));
                transferLeft = transferLeft.minus(gross);
            }
            Money share = refunded.isEqual(split.price()) ? feeLeft
                    : min(Share.of(split.fee(), amount, split.price()), feeLeft);
            if (share.isPositive()) {
                book(Postings.feeRefunded("fr_1", coach, share, NOW));
                feeLeft = feeLeft.minus(share);
            }
            return gross;
        }

        private void takeBack(Money net, Money fee) {
            if (net.isPositive()) {
                book(Postings.transferReversed("trr_2", coach, net, NOW));
                repaidLeft = repaidLeft.minus(net);
            }
            if (fee.isPositive()) {
                book(Postings.feeForgone("re_1", fee, NOW));
            }
        }

        private static Money min(Money one, Money other) {
            return one.isLessThan(other) ? one : other;
        }

        Money of(Account.Kind kind) {
            return books.getOrDefault(kind, nothing);
        }

        private void book(Journal journal) {
            journal.entries().forEach(entry -> books.merge(entry.account().kind(), entry.amount().toMoney(), Money::plus));
        }
    }
}
