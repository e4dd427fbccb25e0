package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.payment.SetupTerms.Ui;
import io.coachpay.user.CustomerOwner;

class PaymentMethodSetupTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private PaymentMethodSetup setup;

    @BeforeEach
    void begin() {
        setup = PaymentMethodSetup.begun(CustomerOwner.person(UUID.randomUUID()), "cus_1",
                new SetupTerms(Ui.ELEMENTS, CurrencyUnit.USD, null, null), NOW);
    }

    @Test
    void isOpenOnceStripeHasIt() {
        assertThat(setup.status()).isEqualTo(SetupStatus.REQUESTED);

        setup.linkSetupIntent("seti_1");
        setup.linkSetupIntent("seti_2");

        assertThat(setup.status()).isEqualTo(SetupStatus.OPEN);
        assertThat(setup.setupIntent()).isEqualTo("seti_1");
    }

    @Test
    void canBeTriedAgainAfterARefusal() {
        setup.linkSetupIntent("seti_1");
        setup.fail("card_declined", "No.", NOW);
        assertThat(setup.status()).isEqualTo(SetupStatus.FAILED);

        setup.succeed("pm_1");

        assertThat(setup.status()).isEqualTo(SetupStatus.SUCCEEDED);
        assertThat(setup.method()).isEqualTo("pm_1");
        assertThat(setup.failureCode()).isNull();
        assertThat(setup.mayHaveChanged()).isFalse();
    }

    @Test
    void leavesWhatIsOverAlone() {
        setup.succeed("pm_1");

        setup.cancel();
        setup.fail("card_declined", "No.", NOW);
        setup.succeed("pm_2");

        assertThat(setup.status()).isEqualTo(SetupStatus.SUCCEEDED);
        assertThat(setup.method()).isEqualTo("pm_2").as("Stripe's word on what was saved");
        assertThat(setup.failureCode()).isNull();
    }

    @Test
    void ignoresStaleNews() {
        setup.linkSetupIntent("seti_1");
        setup.reopen(NOW);

        setup.fail("card_declined", "No.", NOW.minusSeconds(1));

        assertThat(setup.status()).isEqualTo(SetupStatus.OPEN);
    }

    @Test
    void asksAsAnotherCustomerUnderAnotherKey() {
        setup.askAs("cus_2");

        assertThat(setup.customer()).isEqualTo("cus_2");
        assertThat(setup.attempt()).isEqualTo(2);
    }

    @Test
    void isGivenUpAfterAWeek() {
        setup.linkSetupIntent("seti_1");

        assertThat(setup.giveUp(NOW.plus(Duration.ofDays(7)))).isFalse();
        assertThat(setup.status()).isEqualTo(SetupStatus.OPEN);
        assertThat(setup.giveUp(NOW.plus(Duration.ofDays(7)).plusSeconds(1))).isTrue();
        assertThat(setup.status()).isEqualTo(SetupStatus.CANCELED);
        assertThat(setup.giveUp(NOW.plus(Duration.ofDays(8)))).isFalse();
    }

    @Test
    void hasNoPageInTheClientsForm() {
        assertThatThrownBy(() -> setup.terms().urls()).isInstanceOf(IllegalStateException.class);
    }
}
