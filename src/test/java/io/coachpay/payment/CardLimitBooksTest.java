package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.ledger.Ledger;

/** Limits of setups and of refused cards, at their edges. */
@ServiceTest
class CardLimitBooksTest {

    @Inject
    Undone undone;
    @Inject
    CardLimitBooks limits;
    @Inject
    PaymentAddressBooks addresses;
    @Inject
    Ledger ledger;

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

    /** Stripe's event may be first, and does not say where the person is. */
    @Test
    void countsARefusalForTheAddressOfTheFirstReportThatKnowsIt() {
        story(() -> {
            for (String address : new String[] { null, "203.0.113.9", null, "203.0.113.10" }) {
                limits.declined(user, charge(0), null, address);
            }

            assertThat(undone.texts("select client_address from card_declines where user_id = ?", user))
                    .containsExactly("203.0.113.9");
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
    void letsTheOwnerOfACardGoOnWhateverStrangersDoWithItsNumber() {
        story(() -> {
            saved(user, "print" + user, "2 hours");
            refusedByOthers("1 hour");

            assertThatCode(() -> limits.requireAttempt(user, "print" + user, null)).doesNotThrowAnyException();
            assertThat(limits.isSuspicious(user, "print" + user)).isFalse();
            assertThatThrownBy(() -> limits.requireAttempt(person(), "print" + user, null))
                    .isInstanceOf(PaymentRefused.TooManyCards.class);
        });
    }

    @Test
    void takesACardThatWasSavedAfterTheFirstRefusalForSomebodyElses() {
        story(() -> {
            refusedByOthers("1 hour");
            saved(user, "print" + user, "1 minute");

            assertThatThrownBy(() -> limits.requireAttempt(user, "print" + user, null))
                    .isInstanceOf(PaymentRefused.TooManyCards.class);
            assertThat(limits.isSuspicious(user, "print" + user)).isTrue();
        });
    }

    @Test
    void takesACardThatAPersonPaidWithForTheirs() {
        story(() -> {
            refusedByOthers("1 hour");
            SoldSession sold = SoldSession.paid(undone, ledger);
            String method = saved(sold.mentee, "print" + user, "1 minute");
            undone.run("update transactions set stripe_payment_method_id = ? where id = ?", method, sold.payment);

            assertThatCode(() -> limits.requireAttempt(sold.mentee, "print" + user, null)).doesNotThrowAnyException();
        });
    }

    @Test
    void countsOwnRefusalsOfOwnCards() {
        story(() -> {
            saved(user, "print" + user, "2 hours");
            for (int i = 0; i < 10; i++) {
                limits.declined(user, charge(i), "print" + user, null);
            }

            assertThatThrownBy(() -> limits.requireAttempt(user, "print" + user, null))
                    .isInstanceOf(PaymentRefused.TooManyCards.class);
        });
    }

    @Test
    void endsTheOpenSetupsOfPeopleWhoseLimitIsFullOnce() {
        story(() -> {
            open(user);
            open(person());
            for (int i = 0; i < 10; i++) {
                limits.declined(user, charge(i), null, null);
            }

            limits.endSetups(undone.now().plusSeconds(600), 1000);

            assertThat(due(user)).containsExactly("true");
            undone.run("update payment_method_setups set check_at = ?::timestamptz + interval '9 minutes' where user_id = ?",
                    undone.now(), user);
            limits.endSetups(undone.now().plusSeconds(600), 1000);
            assertThat(due(user)).as("Stripe is asked again later").containsExactly("false");
        });
    }

    @Test
    void remembersTheAddressThatOpenedAPaymentFirst() {
        story(() -> {
            SoldSession sold = SoldSession.paid(undone, ledger);
            assertThat(addresses.of(sold.payment)).isNull();

            addresses.opened(sold.payment, null);
            addresses.opened(sold.payment, "203.0.113.7");
            addresses.opened(sold.payment, "203.0.113.8");

            assertThat(addresses.of(sold.payment)).isEqualTo("203.0.113.7");
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

    private void refusedByOthers(String ago) {
        for (int i = 0; i < 10; i++) {
            undone.run("""
                    insert into card_declines (id, user_id, stripe_id, fingerprint, created_at)
                    values (?, ?, ?, ?, ?::timestamptz - ?::interval)""", Ids.next(), person(), charge(i), "print" + user,
                    undone.now(), ago);
        }
    }

    /** Saves a card, and returns Stripe's id of it. */
    private String saved(UUID owner, String fingerprint, String ago) {
        String method = "pm_" + owner.toString().replace("-", "");
        undone.run("""
                insert into payment_methods (id, user_id, stripe_payment_method_id, type, fingerprint, created_at)
                values (?, ?, ?, 'card', ?, ?::timestamptz - ?::interval)""", Ids.next(), owner, method, fingerprint,
                undone.now(), ago);
        return method;
    }

    private void open(UUID owner) {
        undone.run("""
                insert into payment_method_setups (id, user_id, ui, stripe_customer_id, currency, check_at)
                values (?, ?, 'elements', 'cus_1', 'USD', ?::timestamptz + interval '1 day')""", Ids.next(), owner,
                undone.now());
    }

    private List<String> due(UUID owner) {
        return undone.texts("select check_at <= ?::timestamptz + interval '1 minute' from payment_method_setups"
                + " where user_id = ?", undone.now(), owner);
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
