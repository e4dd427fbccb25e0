package io.coachpay.ledger;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.coachpay.money.Price;
import io.coachpay.money.Split;

/** Replays the page about money on the real ledger: what is written there is what the books say. */
class MoneyDocTest {

    private static final MoneyDoc DOC = MoneyDoc.read();
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final Set<Account.Kind> PLATFORM = Set.of(Account.Kind.PLATFORM_REVENUE, Account.Kind.STRIPE_FEES,
            Account.Kind.REFUND_CLEARING);

    static List<MoneyDoc.Story> stories() {
        return DOC.stories();
    }

    @Test
    void namesEveryAccount() {
        Map<String, String> accounts = Arrays.stream(Account.Kind.values())
                .collect(Collectors.toMap(Account.Kind::column, kind -> kind.owned() ? "coach" : "none"));

        assertThat(DOC.table("The accounts")).isEqualTo(accounts);
    }

    @Test
    void namesEveryJournalAndTellsAStoryOfEach() {
        Set<String> postings = Arrays.stream(Postings.class.getDeclaredMethods())
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
    void splitsThePriceAsWritten(MoneyDoc.Story story) {
        MoneyDoc.Terms terms = story.terms();

        Split split = Split.of(Price.of(terms.rate(), terms.minutes()), terms.percentage());

        assertThat(split).isEqualTo(new Split(terms.price(), terms.fee(), terms.payout()));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void booksWhatIsWritten(MoneyDoc.Story story) {
        CurrencyUnit currency = story.terms().price().getCurrencyUnit();
        UUID coach = Books.newCoach(currency);
        Map<Account.Kind, Money> sums = new EnumMap<>(Account.Kind.class);
        String ownName = UUID.randomUUID().toString();

        for (MoneyDoc.Row row : story.rows()) {
            if (row.journal() == null) {
                assertThat(balances(coach, currency, sums)).as("after %s", sums).containsAllEntriesOf(row.cells());
                continue;
            }
            Journal journal = journal(row, coach, row.reference() + "-" + ownName);
            assertThat(Books.post(journal)).as(row.journal()).isEqualTo(1);
            assertThat(Books.entries(journal)).as("%s %s", row.journal(), row.reference()).isEqualTo(row.cells());
            assertThat(Books.post(journal(row, coach, journal.reference()))).as("%s again", row.journal()).isZero();
            row.cells().forEach((kind, amount) -> sums.merge(kind, amount, Money::plus));
        }

        assertThat(outcome(coach, currency, balances(coach, currency, sums))).isEqualTo(story.outcome());
    }

    /** What every account holds: a coach's as the database keeps it, a shared one's as the sum of this story's entries. */
    private static Map<Account.Kind, Money> balances(UUID coach, CurrencyUnit currency, Map<Account.Kind, Money> sums) {
        Map<Account.Kind, Money> balances = new EnumMap<>(Account.Kind.class);
        Map<Account.Kind, Money> owned = Books.balances(coach, currency);
        for (Account.Kind kind : Account.Kind.values()) {
            balances.put(kind, (kind.owned() ? owned : sums).getOrDefault(kind, Money.zero(currency)));
        }
        return balances;
    }

    private static MoneyDoc.Outcome outcome(UUID coach, CurrencyUnit currency, Map<Account.Kind, Money> balances) {
        Books.Figures figures = Books.figures(coach);
        Money platform = PLATFORM.stream().map(balances::get).reduce(Money.zero(currency), Money::plus);
        return new MoneyDoc.Outcome(money(currency, figures.pending()), money(currency, figures.available()),
                money(currency, figures.totalEarnings()), platform, requireNonNull(balances.get(Account.Kind.EXTERNAL)));
    }

    private static Money money(CurrencyUnit currency, BigDecimal figure) {
        return Money.of(currency, figure, RoundingMode.UNNECESSARY);
    }

    private static Journal journal(MoneyDoc.Row row, UUID coach, String reference) {
        Money told = requireNonNull(row.told());
        String kind = requireNonNull(row.journal());
        return switch (kind) {
            case "session_paid" -> Postings.sessionPaid(reference, coach, told, requireNonNull(row.fee()), NOW);
            case "funds_available" -> Postings.fundsAvailable(reference, coach, told, NOW);
            case "refunded" -> Postings.refunded(reference, told, NOW);
            case "transfer_reversed" -> Postings.transferReversed(reference, coach, told, NOW);
            case "fee_refunded" -> Postings.feeRefunded(reference, coach, told, NOW);
            case "stripe_fee" -> Postings.stripeFee(reference, told, NOW);
            default -> throw new IllegalStateException("There is no journal " + kind);
        };
    }
}
