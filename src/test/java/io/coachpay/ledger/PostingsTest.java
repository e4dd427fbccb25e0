package io.coachpay.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The journals of the page about money, as they are made and before the database has seen them. */
class PostingsTest {

    private static final UUID COACH = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    /** A fact that can be booked in one of two ways, and once: both journals are of one kind. */
    private static final Map<String, String> KINDS = Map.of("payment_held_alone", "payment_held", "platform_converted",
            "converted", "platform_adjusted", "adjusted", "payout_returned", "payout_failed");

    static List<MoneyDoc.Row> journals() {
        return MoneyDoc.read().stories().stream().flatMap(story -> story.rows().stream())
                .filter(row -> row.journal() != null).toList();
    }

    @ParameterizedTest
    @MethodSource("journals")
    void makesTheEntriesThatAreWritten(MoneyDoc.Row row) {
        Journal journal = MoneyDocTest.journal(row, COACH, row.reference());

        Map<MoneyDoc.Column, Money> entries = journal.entries().stream().collect(Collectors.toMap(
                entry -> new MoneyDoc.Column(entry.account().kind(), entry.amount().getCurrencyUnit()),
                entry -> entry.amount().toMoney(), Money::plus));
        assertThat(entries).isEqualTo(row.cells());
        assertThat(journal.kind()).isEqualTo(KINDS.getOrDefault(row.journal(), row.journal()));
        assertThat(journal.reference()).isEqualTo(row.reference());
        assertThat(journal.occurredAt()).isEqualTo(MoneyDocTest.NOW);
        assertThat(journal.entries()).extracting(Entry::account)
                .allMatch(account -> account.owner() == null || account.owner().equals(COACH));
    }

    /** In the page's story Stripe left no fee. */
    @Test
    void leavesTheWholeOfAHeldPaymentThatReachedNobodyWithThePlatform() {
        Journal journal = Postings.paymentHeldAlone("pi_1", Money.parse("USD 20.00"), Money.parse("USD 5.00"),
                MoneyDocTest.NOW);

        assertThat(journal.entries()).containsExactly(
                new Entry(Account.shared(Account.Kind.EXTERNAL), Money.parse("USD -25.00")),
                new Entry(Account.shared(Account.Kind.PLATFORM_REVENUE), Money.parse("USD 5.00")),
                new Entry(Account.shared(Account.Kind.REFUND_CLEARING), Money.parse("USD 20.00")));
    }
}
