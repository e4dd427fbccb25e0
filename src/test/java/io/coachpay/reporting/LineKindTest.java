package io.coachpay.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.coachpay.ledger.Account;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Postings;

class LineKindTest {

    private static final UUID COACH = UUID.randomUUID();
    private static final Collection<Account.Kind> AT_STRIPE = List.of(Account.Kind.COACH_PENDING, Account.Kind.COACH_AVAILABLE);

    /** Every posting, with arbitrary arguments. */
    static List<Journal> journals() {
        return Arrays.stream(Postings.class.getMethods()).filter(method -> method.getReturnType() == Journal.class)
                .map(method -> {
                    try {
                        return (Journal) method.invoke(null, Arrays.stream(method.getParameterTypes()).map(type -> {
                            if (type == UUID.class) {
                                return COACH;
                            }
                            return type == Money.class ? Money.parse("USD 1.00")
                                    : type == Instant.class ? Instant.EPOCH : "re_1";
                        }).toArray());
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(method.getName(), e);
                    }
                }).toList();
    }

    @ParameterizedTest
    @MethodSource("journals")
    void hasWordsForAllThatMovesACoachsMoney(Journal journal) {
        // Some kinds are booked on either side, by a posting for each.
        boolean moves = journals().stream().filter(other -> other.kind().equals(journal.kind()))
                .flatMap(other -> other.entries().stream()).anyMatch(entry -> AT_STRIPE.contains(entry.account().kind()));

        assertThat(LineKind.ofJournal(journal.kind()) != LineKind.OTHER)
                .isEqualTo(moves || List.of("session_paid", "payment_held").contains(journal.kind()));
    }

    @Test
    void hasWordsForWhatItDoesNotKnow() {
        assertThat(LineKind.ofJournal("unheard_of")).isEqualTo(LineKind.OTHER);
    }
}
