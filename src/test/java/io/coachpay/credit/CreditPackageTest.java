package io.coachpay.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

import io.coachpay.money.Credits;

class CreditPackageTest {

    private static final Instant NOON = Instant.parse("2030-05-06T12:00:00Z");
    private static final PackageTerms PRO = terms("Pro", true);

    private final CreditPackage row = CreditPackage.on(PRO, NOON);
    private final PackageProduct product = row.product();

    @Test
    void offersItsTerms() {
        assertThat(row.terms()).isEqualTo(PRO);
        assertThat(row.id()).isNotNull();
        assertThat(row.createdAt()).isEqualTo(NOON);
        assertThat(row.description()).isEqualTo("Best value");
        assertThat(row.sortOrder()).isEqualTo(4);
        assertThat(row.isActive()).isTrue();
        assertThat(product.stripeId()).isNull();
        assertThat(product.attempt()).isEqualTo(1);
    }

    @Test
    void changesItsTerms() {
        PackageTerms other = new PackageTerms("Basic", null, Money.parse("USD 5.00"), Credits.of(new BigDecimal("6.5")), false,
                1);

        boolean tell = row.change(other);

        assertThat(row.terms()).isEqualTo(other);
        assertThat(tell).as("Stripe has no product yet").isFalse();
    }

    @Test
    void tellsStripeOfAnotherNameAlone() {
        product.made("prod_1", true);

        assertThat(row.change(terms("Pro", false))).isFalse();
        assertThat(product.isUntold()).isFalse();
        assertThat(row.change(terms("Professional", false))).isTrue();
        assertThat(product.isUntold()).isTrue();
        assertThat(product.attempt()).isEqualTo(2);
    }

    @Test
    void keepsTheFirstProduct() {
        product.made("prod_1", true);
        product.made("prod_2", false);

        assertThat(product.stripeId()).isEqualTo("prod_1");
        assertThat(product.status()).isEqualTo(PackageProduct.Status.SYNCED);
    }

    @Test
    void tellsTheNameThatChangedWhileTheProductWasMade() {
        product.made("prod_1", false);

        assertThat(product.isUntold()).isTrue();
    }

    @Test
    void believesTheAnswerToTheLatestNameAlone() {
        product.made("prod_1", false);
        product.renamed();

        product.told(1, true);
        assertThat(product.isUntold()).isTrue();
        product.told(2, true);
        assertThat(product.status()).isEqualTo(PackageProduct.Status.SYNCED);
        product.told(2, false);
        assertThat(product.status()).isEqualTo(PackageProduct.Status.SYNCED);
    }

    @Test
    void sendsAnotherNameAfterStripeRefusedOne() {
        product.made("prod_1", false);

        product.told(1, false);
        assertThat(product.status()).isEqualTo(PackageProduct.Status.FAILED);
        assertThat(product.renamed()).isTrue();
        assertThat(product.isUntold()).isTrue();
    }

    @Test
    void beginsAgainWhenTheProductIsGone() {
        product.sought(NOON);
        product.made("prod_1", true);

        product.gone("prod_2", NOON.plusSeconds(1));
        assertThat(product.stripeId()).isEqualTo("prod_1");
        product.gone("prod_1", NOON.plusSeconds(2));

        assertThat(product.stripeId()).isNull();
        assertThat(product.status()).isNull();
        assertThat(product.attempt()).isEqualTo(2);
        assertThat(product.soughtFrom()).isEqualTo(NOON.plusSeconds(2));
    }

    @Test
    void looksFromTheFirstNeedOrTheLastVainLook() {
        assertThat(product.sought(NOON)).isEqualTo(NOON);
        assertThat(product.sought(NOON.plusSeconds(1))).isEqualTo(NOON);
        product.soughtInVain(NOON.plusSeconds(2));
        product.soughtInVain(NOON.plusSeconds(1));

        assertThat(product.soughtFrom()).isEqualTo(NOON.plusSeconds(2));
    }

    @Test
    void spendsAnAttemptOnce() {
        product.nextAttempt(1);
        product.nextAttempt(1);

        assertThat(product.attempt()).isEqualTo(2);
    }

    private static PackageTerms terms(String name, boolean active) {
        return new PackageTerms(name, "Best value", Money.parse("USD 30.00"), Credits.of(new BigDecimal("33")), active, 4);
    }
}
