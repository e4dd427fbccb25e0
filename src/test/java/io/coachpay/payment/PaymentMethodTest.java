package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.stripe.StripePaymentMethod;
import io.coachpay.user.CustomerOwner;

class PaymentMethodTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private final CustomerOwner alice = CustomerOwner.person(UUID.randomUUID());

    @Test
    void showsACardOnceByItsDefaultElseByItsNewest() {
        PaymentMethod oldest = saved("pm_1", "print1", "unspecified");
        PaymentMethod other = saved("pm_2", "print2", "unspecified");
        PaymentMethod middle = saved("pm_3", "print1", "unspecified");
        PaymentMethod newest = saved("pm_4", "print2", "unspecified");
        middle.beDefault(true);

        List<PaymentMethod> lines = CardLines.of(List.of(newest, middle, other, oldest), NOW);

        assertThat(lines).containsExactly(newest, middle);
        assertThat(CardLines.group(List.of(newest, middle, other, oldest), oldest)).containsExactly(middle, oldest);
    }

    @Test
    void showsTheFormOfACardThatHasNotExpired() {
        Instant later = Instant.parse("2027-02-01T00:00:00Z");
        PaymentMethod expired = saved("pm_1", "print1", "unspecified");
        PaymentMethod good = PaymentMethod.of(alice, stripes("pm_2", "print1", "unspecified", 2030), NOW, NOW);
        PaymentMethod other = saved("pm_3", "print2", "unspecified");
        PaymentMethod newest = saved("pm_4", "print1", "unspecified");
        List<PaymentMethod> all = List.of(newest, other, good, expired);

        assertThat(CardLines.of(all, NOW)).containsExactly(newest, other);
        assertThat(CardLines.of(all, later)).containsExactly(good, other);
        expired.beDefault(true);

        assertThat(CardLines.of(all, later)).containsExactly(expired, other);
        assertThat(CardLines.good(all, expired, later)).isSameAs(good);
        assertThat(CardLines.good(all, expired, NOW)).isSameAs(expired);
        assertThat(CardLines.good(all, other, later)).isSameAs(other);
        assertThat(expired.view(good, later)).extracting(PaymentMethodView::id, PaymentMethodView::isDefault,
                PaymentMethodView::expired, PaymentMethodView::expiryYear).containsExactly(expired.id(), true, false, 2030);
    }

    @Test
    void keepsMethodsWithoutFingerprintApart() {
        PaymentMethod one = saved("pm_1", null, "unspecified");
        PaymentMethod two = saved("pm_2", null, "unspecified");

        assertThat(CardLines.of(List.of(two, one), NOW)).containsExactly(two, one);
    }

    @Test
    void tellsStripeOfAnOfferOnceItsOwnerAgreed() {
        PaymentMethod method = saved("pm_1", "print1", "unspecified");
        method.agreeToOffer(stripes("pm_1", "print1", "unspecified"), NOW);
        assertThat(method.isOfferDue()).isTrue();

        method.update(stripes("pm_1", "print1", "always"), NOW, NOW);

        assertThat(method.isOfferDue()).isFalse();
    }

    @Test
    void offersNothingThatIsOfferedOrRemoved() {
        PaymentMethod offered = saved("pm_1", "print1", "always");
        PaymentMethod removed = saved("pm_2", "print1", "unspecified");
        removed.askRemoval(NOW);

        offered.agreeToOffer(stripes("pm_1", "print1", "always"), NOW);
        removed.agreeToOffer(stripes("pm_2", "print1", "unspecified"), NOW);

        assertThat(offered.isOfferDue()).isFalse();
        assertThat(removed.isOfferDue()).isFalse();
    }

    @Test
    void isAskedToBeRemovedOnce() {
        PaymentMethod method = saved("pm_1", "print1", "unspecified");
        method.askRemoval(NOW);
        method.askRemoval(NOW);

        assertThat(method.attempt()).isEqualTo(2);
        assertThat(method.isRemoved()).isTrue();
    }

    @Test
    void forgetsItsFaceAndIsNoDefaultOnceItIsDetached() {
        PaymentMethod method = saved("pm_1", "print1", "unspecified");
        method.beDefault(true);
        method.detach(NOW);
        method.beDefault(true);

        assertThat(method.isDefault()).isFalse();
        assertThat(method.isDetached()).isTrue();
        assertThat(method.fingerprint()).isNull();
        assertThat(method.view(NOW).last4()).isNull();
    }

    @Test
    void asksNobodyAboutAMethodThatIsDetached() {
        PaymentMethod method = saved("pm_1", "print1", "unspecified");
        method.askRemoval(NOW);
        method.detach(NOW);
        method.checkNext(NOW);
        method.agreeToOffer(stripes("pm_1", "print1", "unspecified"), NOW);

        assertThat(method.isOfferDue()).isFalse();
    }

    @Test
    void isGoodUntilItExpires() {
        PaymentMethod method = saved("pm_1", "print1", "unspecified");

        assertThat(method.isGood(Instant.parse("2027-01-31T23:00:00Z"))).isTrue();
        assertThat(method.isGood(Instant.parse("2027-02-01T00:00:00Z"))).isFalse();
        assertThat(method.view(NOW).expiring()).isFalse();
        assertThat(method.view(Instant.parse("2027-01-15T00:00:00Z")).expiring()).isTrue();
        assertThat(method.view(Instant.parse("2027-03-15T00:00:00Z")).expired()).isTrue();
    }

    private PaymentMethod saved(String id, String fingerprint, String redisplay) {
        return PaymentMethod.of(alice, stripes(id, fingerprint, redisplay), NOW, NOW);
    }

    private static StripePaymentMethod stripes(String id, String fingerprint, String redisplay) {
        return stripes(id, fingerprint, redisplay, 2027);
    }

    private static StripePaymentMethod stripes(String id, String fingerprint, String redisplay, int expires) {
        return StripePaymentMethod.from(Json.read("""
                {"id": "%s", "object": "payment_method", "type": "card", "customer": "cus_1", "created": 1,
                 "allow_redisplay": "%s", "card": {"brand": "visa", "last4": "4242", "exp_month": 1, "exp_year": %d,
                 "fingerprint": %s}}""".formatted(id, redisplay, expires,
                fingerprint == null ? "null" : '"' + fingerprint + '"')));
    }
}
