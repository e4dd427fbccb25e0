package io.coachpay.ledger;

import static io.coachpay.ledger.Account.Kind.COACH_AVAILABLE;
import static io.coachpay.ledger.Account.Kind.COACH_IN_TRANSIT;
import static io.coachpay.ledger.Account.Kind.COACH_PAID_OUT;
import static io.coachpay.ledger.Account.Kind.COACH_PENDING;
import static io.coachpay.ledger.Account.Kind.CREDITS;
import static io.coachpay.ledger.Account.Kind.CREDIT_DEBT;
import static io.coachpay.ledger.Account.Kind.DEFERRED;
import static io.coachpay.ledger.Account.Kind.DISPUTE_LOSSES;
import static io.coachpay.ledger.Account.Kind.EXTERNAL;
import static io.coachpay.ledger.Account.Kind.FX;
import static io.coachpay.ledger.Account.Kind.PLATFORM_ADJUSTMENTS;
import static io.coachpay.ledger.Account.Kind.PLATFORM_BANK;
import static io.coachpay.ledger.Account.Kind.PLATFORM_PROMOTIONS;
import static io.coachpay.ledger.Account.Kind.PLATFORM_REVENUE;
import static io.coachpay.ledger.Account.Kind.REFUND_CLEARING;
import static io.coachpay.ledger.Account.Kind.STRIPE_FEES;
import static io.coachpay.ledger.Account.Kind.TAX_PAYABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.coachpay.money.Credits;
import io.coachpay.money.Price;
import io.coachpay.money.Split;

/** Replays the page about money on the real ledger, and compares the books with the page. */
class MoneyDocTest {

    private static final MoneyDoc DOC = MoneyDoc.read();
    static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final Set<Account.Kind> OF_USERS = Set.of(CREDITS, DEFERRED, CREDIT_DEBT);
    private static final Set<Account.Kind> PLATFORM = Set.of(PLATFORM_REVENUE, PLATFORM_BANK, STRIPE_FEES, DISPUTE_LOSSES,
            REFUND_CLEARING, PLATFORM_ADJUSTMENTS, PLATFORM_PROMOTIONS, TAX_PAYABLE, CREDITS, DEFERRED, CREDIT_DEBT);

    static List<MoneyDoc.Story> stories() {
        return DOC.stories();
    }

    @Test
    void namesEveryAccount() {
        Map<String, String> accounts = Arrays.stream(Account.Kind.values())
                .collect(Collectors.toMap(Account.Kind::column,
                        kind -> OF_USERS.contains(kind) ? "user" : kind.owned() ? "coach" : "none"));

        assertThat(DOC.table("The accounts")).isEqualTo(accounts);
    }

    @Test
    void namesEveryJournalAndTellsAStoryOfEach() {
        Set<String> postings = Stream.of(Postings.class, CreditPostings.class)
                .flatMap(page -> Arrays.stream(page.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName).map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<String> told = stories().stream().flatMap(story -> story.rows().stream()).map(MoneyDoc.Row::journal)
                .filter(journal -> journal != null).collect(Collectors.toSet());

        assertThat(DOC.table("The journals").keySet()).isEqualTo(postings);
        assertThat(told).isEqualTo(postings);
    }

    @ParameterizedTest
    @MethodSource("stories")
    void splitsThePricesAsWritten(MoneyDoc.Story story) {
        assertThat(story.terms()).allSatisfy(terms -> {
            Split split = Split.of(Price.of(terms.rate(), terms.minutes()), terms.percentage());

            assertThat(split).isEqualTo(new Split(terms.price(), terms.fee(), terms.payout()));
        });
    }

    @ParameterizedTest
    @MethodSource("stories")
    void booksWhatIsWritten(MoneyDoc.Story story) {
        UUID coach = Books.newCoach(story.currency());
        Map<MoneyDoc.Column, Money> sums = new HashMap<>();
        String ownName = UUID.randomUUID().toString().replace("-", "_");

        for (MoneyDoc.Row row : story.rows()) {
            if (row.journal() == null) {
                row.cells().forEach((column, amount) -> assertThat(balance(coach, column, sums))
                        .as("%s after %s", column, sums).isEqualTo(amount));
                continue;
            }
            Journal journal = journal(row, coach, row.reference() + "_" + ownName);
            assertThat(Books.post(journal)).as(row.journal()).isEqualTo(1);
            assertThat(Books.entries(journal)).as("%s %s", row.journal(), row.reference()).isEqualTo(row.cells());
            assertThat(Books.post(journal(row, coach, journal.reference()))).as("%s again", row.journal()).isZero();
            row.cells().forEach((column, amount) -> sums.merge(column, amount, Money::plus));
        }

        assertThat(story.outcomes()).allSatisfy(
                outcome -> assertThat(outcome(coach, outcome.currency(), sums)).isEqualTo(outcome));
        assertThat(Books.figures(coach)).usingComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .usingRecursiveComparison().isEqualTo(figures(story.outcomes().get(0)));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void leavesNothingOver(MoneyDoc.Story story) {
        assertThat(story.outcomes()).allSatisfy(outcome -> {
            assertThat(outcome.pending().plus(outcome.available()).plus(outcome.inTransit()).plus(outcome.paidOut()))
                    .isEqualTo(outcome.totalEarnings());
            assertThat(outcome.totalEarnings().plus(outcome.platform()).plus(outcome.external()).plus(outcome.fx()))
                    .matches(Money::isZero);
        });
    }

    @ParameterizedTest
    @MethodSource("stories")
    void makesPayoutsOfWhatHasBecomeAvailable(MoneyDoc.Story story) {
        Map<String, Money> available = told(story, "funds_available");
        Map<String, Money> created = told(story, "payout_created");

        assertThat(story.payouts()).allSatisfy(payout -> {
            assertThat(available).containsAllEntriesOf(payout.parts());
            assertThat(Money.total(payout.parts().values())).isEqualTo(created.get(payout.reference()));
        });
    }

    private static Map<String, Money> told(MoneyDoc.Story story, String journal) {
        return story.rows().stream().filter(row -> journal.equals(row.journal()))
                .collect(Collectors.toMap(MoneyDoc.Row::reference, row -> requireNonNull(row.told())));
    }

    /** An account's balance: a coach's as the database keeps it, a shared one's as the sum of this story's entries. */
    private static Money balance(UUID coach, MoneyDoc.Column column, Map<MoneyDoc.Column, Money> sums) {
        Money nothing = Money.zero(column.currency());
        return column.kind().owned() ? Books.balances(coach, column.currency()).getOrDefault(column.kind(), nothing)
                : sums.getOrDefault(column, nothing);
    }

    private static MoneyDoc.Outcome outcome(UUID coach, CurrencyUnit currency, Map<MoneyDoc.Column, Money> sums) {
        Function<Account.Kind, Money> held = kind -> balance(coach, new MoneyDoc.Column(kind, currency), sums);
        List<Money> coachs = Stream.of(COACH_PENDING, COACH_AVAILABLE, COACH_IN_TRANSIT, COACH_PAID_OUT).map(held).toList();
        return new MoneyDoc.Outcome(coachs.get(0), coachs.get(1), coachs.get(2), coachs.get(3), Money.total(coachs),
                Money.total(PLATFORM.stream().map(held).toList()), held.apply(EXTERNAL), held.apply(FX));
    }

    /** The figures of the coach's profile by then. */
    private static Books.Figures figures(MoneyDoc.Outcome outcome) {
        return new Books.Figures(outcome.pending().getAmount(), outcome.available().getAmount(),
                outcome.totalEarnings().getAmount());
    }

    static Journal journal(MoneyDoc.Row row, UUID coach, String reference) {
        Money told = requireNonNull(row.told());
        String kind = requireNonNull(row.journal());
        return switch (kind) {
            case "session_paid" -> Postings.sessionPaid(reference, coach, told, row.beside(), NOW);
            case "payment_held" -> Postings.paymentHeld(reference, coach, told, row.beside(), NOW);
            case "payment_held_alone" -> Postings.paymentHeldAlone(reference, told, row.beside(), NOW);
            case "funds_available" -> Postings.fundsAvailable(reference, coach, told, NOW);
            case "converted" -> Postings.converted(reference, coach, told, row.beside(), NOW);
            case "platform_converted" ->
                Postings.platformConverted(reference, told, row.beside(), NOW);
            case "adjusted" -> Postings.adjusted(reference, coach, told, NOW);
            case "platform_adjusted" -> Postings.platformAdjusted(reference, told, row.beside(), NOW);
            case "payout_created" -> Postings.payoutCreated(reference, coach, told, NOW);
            case "instant_fee" -> Postings.instantFee(reference, coach, told, NOW);
            case "payout_paid" -> Postings.payoutPaid(reference, coach, told, NOW);
            case "payout_failed" -> Postings.payoutFailed(reference, coach, told, NOW);
            case "payout_returned" -> Postings.payoutReturned(reference, coach, told, NOW);
            case "refunded" -> Postings.refunded(reference, told, NOW);
            case "transfer_reversed" -> Postings.transferReversed(reference, coach, told, NOW);
            case "fee_refunded" -> Postings.feeRefunded(reference, coach, told, NOW);
            case "refund_failed" -> Postings.refundFailed(reference, told, NOW);
            case "refund_repaid" -> Postings.refundRepaid(reference, coach, told, NOW);
            case "fee_regained" -> Postings.feeRegained(reference, told, NOW);
            case "fee_forgone" -> Postings.feeForgone(reference, told, NOW);
            case "dispute_funds" -> Postings.disputeFunds(reference, told, row.beside(), NOW);
            case "dispute_recovered" -> Postings.disputeRecovered(reference, coach, told, NOW);
            case "dispute_repaid" -> Postings.disputeRepaid(reference, coach, told, NOW);
            case "subscription_paid" -> Postings.subscriptionPaid(reference, told, row.named("tax"), NOW);
            case "subscription_refunded" -> Postings.subscriptionRefunded(reference, told, row.named("tax"), NOW);
            case "subscription_regained" -> Postings.subscriptionRegained(reference, told, row.named("tax"), NOW);
            case "stripe_fee" -> Postings.stripeFee(reference, told, NOW);
            case "credits_bought" ->
                CreditPostings.creditsBought(reference, coach, told, credits(row, "credits"), wallet(row), NOW);
            case "credits_booked" -> CreditPostings.creditsBooked(reference, coach, Credits.of(told), NOW);
            case "credits_returned" -> CreditPostings.creditsReturned(reference, coach, Credits.of(told), wallet(row), NOW);
            case "session_paid_by_credits" ->
                CreditPostings.sessionPaidByCredits(reference, coach, coach, Credits.of(told), row.named("payout"), NOW);
            case "credits_refunded" -> CreditPostings.creditsRefunded(reference, coach, Credits.of(told), wallet(row), NOW);
            case "credits_taken" -> CreditPostings.creditsTaken(reference, holder(row), coach, told, credits(row, "credits"),
                    wallet(row), NOW);
            case "credits_given_back" -> CreditPostings.creditsGivenBack(reference, holder(row), coach, told,
                    credits(row, "credits"), wallet(row), NOW);
            case "credits_adjusted" -> CreditPostings.creditsAdjusted(reference, coach, Credits.of(told), wallet(row), NOW);
            case "platform_bank" -> Postings.platformBank(reference, told, NOW);
            default -> throw new IllegalStateException("There is no journal " + kind);
        };
    }

    private static Credits credits(MoneyDoc.Row row, String name) {
        return row.more().containsKey(name) ? Credits.of(row.named(name)) : Credits.NONE;
    }

    private static Wallet wallet(MoneyDoc.Row row) {
        return new Wallet(credits(row, "wallet"), Credits.NONE, credits(row, "debt"));
    }

    private static CreditPostings.Holder holder(MoneyDoc.Row row) {
        return row.reference().startsWith("re_") ? CreditPostings.Holder.REFUND : CreditPostings.Holder.DISPUTE;
    }
}
