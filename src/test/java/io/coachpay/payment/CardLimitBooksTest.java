package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.access.Ids;

/** Limits of setups and of refused cards, at their edges. */
@ServiceTest
class CardLimitBooksTest {

    @Inject
    Undone undone;
    @Inject
    CardLimitBooks limits;

    private UUID user;

    @Test
    void takesFiveSetupsAnHour() {
        story(() -> {
            for (int i = 0; i < 5; i++) {
                limits.requireSetup(user, null);
                setUp(user, null, i == 0 ? "59 minutes" : "0 minutes");
            }
            assertThatThrownBy(() -> limits.requireSetup(user, null)).isInstanceOf(PaymentRefused.TooManyCards.class);

            undone.change("update payment_method_setups set check_at = null, status = 'canceled' where user_id = ?", user);
            assertThatThrownBy(() -> limits.requireSetup(user, null)).isInstanceOf(PaymentRefused.TooManyCards.class);
        });
    }

    @Test
    void takesAnotherSetupOnceTheFirstIsAnHourOld() {
        story(() -> {
            setUp(user, null, "61 minutes");
            for (int i = 0; i < 4; i++) {
                setUp(user, null, "1 minute");
            }

            assertThatCode(() -> limits.requireSetup(user, null)).doesNotThrowAnyException();
        });
    }

    @Test
    void countsSetupsOfManyPeopleFromOneAddress() {
        story(() -> {
            for (int i = 0; i < 50; i++) {
                setUp(person(), "203.0.113.7", "1 minute");
            }

            assertThatThrownBy(() -> limits.requireSetup(user, "203.0.113.7"))
                    .isInstanceOf(PaymentRefused.TooManyCards.class);
            assertThatCode(() -> limits.requireSetup(user, "203.0.113.8")).doesNotThrowAnyException();
            assertThatCode(() -> limits.requireSetup(user, null)).doesNotThrowAnyException();
        });
    }

    @Test
    void takesTenRefusedCardsADayOfOnePerson() {
        story(() -> {
            for (int i = 0; i < 9; i++) {
                limits.declined(user, charge(i), null, null);
            }
            limits.declined(user, charge(0), null, null);
            assertThatCode(() -> limits.requireAttempt(user, null, null)).doesNotThrowAnyException();

            limits.declined(user, charge(9), null, null);

            assertThatThrownBy(() -> limits.requireAttempt(user, null, null)).isInstanceOf(PaymentRefused.TooManyCards.class);
            assertThatThrownBy(() -> limits.requireSetup(user, null)).isInstanceOf(PaymentRefused.TooManyCards.class);
            assertThatCode(() -> limits.requireAttempt(person(), null, null)).doesNotThrowAnyException();
        });
    }

    @Test
    void countsOneCardForAllWhoTryIt() {
        story(() -> {
            for (int i = 0; i < 10; i++) {
                limits.declined(person(), charge(i), "print" + user, null);
            }

            assertThatThrownBy(() -> limits.requireAttempt(user, "print" + user, null))
                    .isInstanceOf(PaymentRefused.TooManyCards.class);
            assertThatCode(() -> limits.requireAttempt(user, "another", null)).doesNotThrowAnyException();
        });
    }

    @Test
    void tellsNoReasonsOnceHalfAreUsed() {
        story(() -> {
            for (int i = 0; i < 5; i++) {
                limits.declined(user, charge(i), null, null);
            }
            assertThat(limits.isSuspicious(user, null)).isFalse();

            limits.declined(user, charge(5), null, null);

            assertThat(limits.isSuspicious(user, null)).isTrue();
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            user = person();
            story.run();
        });
    }

    private UUID person() {
        UUID person = Ids.next();
        undone.run("insert into users (id, oidc_subject) values (?, ?)", person, "subject-" + person);
        return person;
    }

    private String charge(int number) {
        return "ch_" + user.toString().replace("-", "") + number;
    }

    private void setUp(UUID owner, String address, String ago) {
        undone.run(
                """
                        insert into payment_method_setups (id, user_id, ui, stripe_customer_id, currency, check_at, client_address, created_at)
                        values (?, ?, 'elements', 'cus_1', 'USD', now(), ?, ?::timestamptz - ?::interval)""",
                Ids.next(), owner, address,
                undone.now(), ago);
    }
}
