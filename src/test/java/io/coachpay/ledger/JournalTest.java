package io.coachpay.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

class JournalTest {

    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final Account EXTERNAL = Account.shared(Account.Kind.EXTERNAL);
    private static final Account REVENUE = Account.shared(Account.Kind.PLATFORM_REVENUE);

    @Test
    void refusesEntriesThatDoNotSumToZero() {
        assertThatThrownBy(() -> journal(entry(EXTERNAL, "USD -125.00"), entry(REVENUE, "USD 25.00")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("does not balance: -100.00 USD");
    }

    @Test
    void refusesCurrenciesThatSumToZeroOnlyTogether() {
        assertThatThrownBy(() -> journal(entry(EXTERNAL, "USD -10.00"), entry(REVENUE, "EUR 10.00")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("does not balance");
    }

    @Test
    void takesCurrenciesThatEachSumToZero() {
        Journal journal = journal(entry(EXTERNAL, "USD -10.00"), entry(REVENUE, "USD 10.00"),
                entry(EXTERNAL, "JPY 900"), entry(REVENUE, "JPY -900"));

        assertThat(journal.entries()).hasSize(4);
    }

    @Test
    void refusesToMoveNothing() {
        assertThatThrownBy(() -> journal()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> entry(EXTERNAL, "USD 0.00")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAccountsWithTheWrongKindOfOwner() {
        assertThatThrownBy(() -> Account.shared(Account.Kind.COACH_PENDING)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Account.of(Account.Kind.EXTERNAL, UUID.randomUUID()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Journal journal(Entry... entries) {
        return new Journal("test", "txn_1", NOW, List.of(entries));
    }

    private static Entry entry(Account account, String amount) {
        return new Entry(account, Money.parse(amount));
    }
}
