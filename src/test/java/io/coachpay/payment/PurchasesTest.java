package io.coachpay.payment;

import static io.coachpay.payment.SomePayment.NOW;
import static io.coachpay.payment.SomePayment.intent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.coachpay.ledger.Account;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Postings;

class PurchasesTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void needsOneForEachPurpose() {
        assertThatIllegalStateException().isThrownBy(() -> new Purchases(List.of()))
                .withMessageContaining(Purpose.SESSION_PAYMENT.name());
        assertThatIllegalStateException()
                .isThrownBy(() -> new Purchases(
                        List.of(new Recording(Purpose.SESSION_PAYMENT), new Recording(Purpose.SESSION_PAYMENT))))
                .withMessageContaining("Two").withMessageContaining(Purpose.SESSION_PAYMENT.name());
    }

    @ParameterizedTest
    @EnumSource
    void asksItsPurposeWhatAPaymentBooksAndChanges(Purpose purpose) {
        Transaction payment = begun(purpose);
        payment.complete(intent("succeeded"), NOW);

        Journal journal = purchases().journal(payment);
        purchases().follow(payment, PaymentStatus.PENDING);

        assertThat(journal.kind()).isEqualTo("session_paid");
        assertThat(calls).containsExactly(purpose + " paid", purpose + " changed from PENDING");
    }

    @ParameterizedTest
    @EnumSource
    void grantsNothingForWhatIsHeld(Purpose purpose) {
        Transaction payment = begun(purpose);
        payment.hold(intent("succeeded", "amount_received", "12000"), Taken.agreed(payment), NOW, NOW);

        Journal journal = purchases().journal(payment);
        purchases().follow(payment, PaymentStatus.PENDING);

        assertThat(journal.kind()).isEqualTo(Postings.PAYMENT_HELD);
        assertThat(calls).containsExactly(purpose + " held");
    }

    /** Money that reached no account of ours waits to go back, with and without an agreed destination. */
    @ParameterizedTest
    @EnumSource
    void holdsWhatReachedNobodyOnTheWayBack(Purpose purpose) {
        Transaction payment = begun(purpose);
        payment.hold(intent("succeeded", "destination", "null"), Taken.agreed(payment), NOW, NOW);

        assertThat(purchases().journal(payment).entries()).extracting(entry -> entry.account().kind())
                .contains(Account.Kind.REFUND_CLEARING).doesNotContain(Account.Kind.COACH_PENDING);
        assertThat(calls).isEmpty();
    }

    private static Transaction begun(Purpose purpose) {
        return SomePayment.ordered(purpose,
                new PaymentOrder.Destination(UUID.randomUUID(), Money.parse("USD 25.00"), "acct_1", false));
    }

    private Purchases purchases() {
        return new Purchases(Arrays.stream(Purpose.values()).<Purchase> map(Recording::new).toList());
    }

    /** Records its calls. */
    private final class Recording implements Purchase {

        private final Purpose purpose;

        Recording(Purpose purpose) {
            this.purpose = purpose;
        }

        @Override
        public Purpose purpose() {
            return purpose;
        }

        @Override
        public Journal paid(Transaction payment) {
            calls.add(purpose + " paid");
            return Postings.sessionPaid("pi_1", payment.coachId(), payment.amount(), payment.amounts().fee(), NOW);
        }

        @Override
        public void lock(List<Transaction> payments) {
            calls.add(purpose + " lock");
        }

        @Override
        public void changed(Transaction payment, PaymentStatus before) {
            calls.add(purpose + " changed from " + before);
        }

        @Override
        public void held(Transaction payment) {
            calls.add(purpose + " held");
        }

        @Override
        public boolean isSuperseded(Transaction late) {
            return false;
        }
    }
}
