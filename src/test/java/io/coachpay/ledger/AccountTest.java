package io.coachpay.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccountTest {

    @ParameterizedTest
    @EnumSource(Account.Kind.class)
    void belongsToSomebodyExactlyWhenItsKindSaysSo(Account.Kind kind) {
        UUID somebody = UUID.randomUUID();

        if (kind.owned()) {
            assertThat(Account.of(kind, somebody).owner()).isEqualTo(somebody);
            assertThatThrownBy(() -> Account.shared(kind)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(Account.shared(kind).owner()).isNull();
            assertThatThrownBy(() -> Account.of(kind, somebody)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Account.Kind.class)
    void takesNoEntryOfNothing(Account.Kind kind) {
        Account account = kind.owned() ? Account.of(kind, UUID.randomUUID()) : Account.shared(kind);

        assertThatThrownBy(() -> new Entry(account, Money.parse("USD 0.00"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Entry(account, Money.parse("USD -0.01")).amount().toMoney()).isEqualTo(Money.parse("USD -0.01"));
    }
}
