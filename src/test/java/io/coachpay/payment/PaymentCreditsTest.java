package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

import io.coachpay.money.Credits;

class PaymentCreditsTest {

    private final PaymentOrder.Package pro = new PaymentOrder.Package(UUID.randomUUID(), "Pro",
            Credits.of(new BigDecimal("50.123457")), new BigDecimal("7.77"), null, false);
    private final PaymentOrder order = new PaymentOrder(Purpose.CREDIT_PURCHASE, pro.id(), UUID.randomUUID(),
            Money.parse("USD 49.99"), null, SomePayment.NOW, "Pro", PaymentMetadata.NONE, pro, false);

    @Test
    void buysThePackageAndTheBonus() {
        PaymentCredits credits = PaymentCredits.of(order);

        assertThat(pro.all()).hasToString("54.018050");
        assertThat(credits.bought()).isEqualTo(pro.all());
        assertThat(credits.bonus()).hasToString("3.894593");
        assertThat(credits.packageId()).isEqualTo(pro.id());
        assertThat(credits.packageName()).isEqualTo("Pro");
    }

    @Test
    void agreesOnTheSameForAnotherPayment() {
        PaymentCredits first = PaymentCredits.of(order);
        first.takeBack(pro.all());

        PaymentCredits again = first.again();

        assertThat(again.takenBack()).isEqualTo(Credits.NONE);
        assertThat(again).usingRecursiveComparison().isEqualTo(PaymentCredits.of(order));
    }

    @Test
    void hasNoBonusWhereNothingIsBought() {
        assertThat(SomePayment.pending().credits().bonus()).isEqualTo(Credits.NONE);
    }
}
