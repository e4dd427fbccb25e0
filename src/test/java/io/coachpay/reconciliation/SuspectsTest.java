package io.coachpay.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.coachpay.reconciliation.BookComparison.Difference;

class SuspectsTest {

    private static final Set<Kind> OF_COACHES = EnumSet.of(Kind.IN_TRANSIT, Kind.PAID_OUT);
    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");

    private final Suspects suspects = new Suspects();

    /** A kind that is found by comparing is compared again; each other is found in its row by itself. */
    @ParameterizedTest
    @EnumSource
    void comparesAgainWhatDiffered(Kind kind) {
        suspects.add(kind, "acct_1", UUID.randomUUID().toString());

        int compared = suspects.objects().size() + suspects.balances().size() + suspects.coaches().size();
        assertThat(compared).isEqualTo(Suspects.KINDS.contains(kind) ? 1 : 0);
        assertThat(suspects.coaches()).isEqualTo(OF_COACHES.contains(kind) ? Set.of("acct_1") : Set.of());
        assertThat(suspects.balances()).hasSize(kind == Kind.KEPT_BALANCE ? 1 : 0);
    }

    @Test
    void comparesEveryKindOfObjectAgain() {
        assertThat(Suspects.KINDS).containsAll(BookComparison.OF_OBJECTS);
    }

    @Test
    void countsAnAccountFromItsFirstLineAndASharedOneOnItsDay() {
        UUID account = UUID.randomUUID();

        suspects.add(Kind.KEPT_BALANCE, "ledger", account.toString());
        suspects.add(Kind.KEPT_BALANCE, "ledger", UUID.randomUUID() + " 2030-05-06");

        assertThat(suspects.wholeBalances()).isEqualTo(Map.of(account, 1L));
        assertThat(suspects.days()).containsExactly(LocalDate.of(2030, 5, 6));
    }

    @Test
    void takesDifferencesAndWhatWasFound() {
        Difference object = difference("txn_1");

        suspects.add(List.of(object, object.ofAccount()), List.of(new Discrepancy(Kind.UNTOLD, "acct_1", "txn_2", "USD",
                BigDecimal.ONE, null, null, Cause.UNKNOWN, null, NOW, null),
                new Discrepancy(Kind.WAITING_REFUND, "platform", "txn_3", null, null, null, null, Cause.UNKNOWN, null, NOW,
                        null)));

        assertThat(suspects.objects()).containsExactlyInAnyOrder("txn_1", "txn_2");
    }

    private static Difference difference(String object) {
        return new Difference("acct_1", "USD", object, BigDecimal.ONE, BigDecimal.ZERO, NOW, true, true);
    }
}
