package io.coachpay.coach;

import static io.coachpay.coach.Reason.ACCOUNT_DEAUTHORIZED;
import static io.coachpay.coach.Reason.CHARGES_DISABLED;
import static io.coachpay.coach.Reason.NO_ACCOUNT;
import static io.coachpay.coach.Reason.ONBOARDING_INCOMPLETE;
import static io.coachpay.coach.Reason.PAYOUTS_DISABLED;
import static io.coachpay.coach.Reason.REQUIREMENTS_DUE;
import static io.coachpay.coach.Reason.VERIFICATION_PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeAccount;

class ConnectedAccountTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final ConnectedAccount account = new ConnectedAccount(Ids.next(), "US", BusinessType.INDIVIDUAL, NOON);

    @Test
    void cannotDoAnythingBeforeThereIsOneAtStripe() {
        assertThat(account.canCharge()).isFalse();
        assertThat(account.reasons()).containsExactly(NO_ACCOUNT);
    }

    @Test
    void cannotDoAnythingBeforeOnboarding() {
        hear(NOON, stripes(false, false, false, "inactive").due("external_account"));

        assertThat(account.reasons()).containsExactly(ONBOARDING_INCOMPLETE);
        assertThat(account.mirrored().requirements().currentlyDue()).containsExactly("external_account");
    }

    @Test
    void canDoEverythingWhenStripeIsContent() {
        hear(NOON, stripes(true, true, true, "active"));

        assertThat(account.canCharge()).isTrue();
        assertThat(account.canBePaidOut()).isTrue();
        assertThat(account.reasons()).isEmpty();
        assertThat(account.mirrored().settles("USD")).isTrue();
        assertThat(account.mirrored().settles("EUR")).isFalse();
    }

    @Test
    void cannotChargeWithoutTransfers() {
        hear(NOON, stripes(true, true, true, "pending").pending("individual.id_number"));

        assertThat(account.canCharge()).isFalse();
        assertThat(account.canBePaidOut()).isTrue();
        assertThat(account.reasons()).containsExactly(VERIFICATION_PENDING, CHARGES_DISABLED);
    }

    @Test
    void saysWhatComesBackLater() {
        hear(NOON, stripes(true, true, true, "active"));

        hear(NOON.plusSeconds(60), stripes(true, false, false, "inactive").due("individual.verification.document"));

        assertThat(account.reasons()).containsExactly(REQUIREMENTS_DUE, CHARGES_DISABLED, PAYOUTS_DISABLED);
        assertThat(account.mirrored().requirements().currentlyDue()).containsExactly("individual.verification.document");
    }

    @Test
    void goesOnWhileWhatIsDueHasTime() {
        hear(NOON, stripes(true, true, true, "active").due("individual.verification.document"));

        assertThat(account.canCharge()).isTrue();
        assertThat(account.reasons()).isEmpty();
    }

    @Test
    void hearsNothingFromThePast() {
        hear(NOON, stripes(true, true, true, "active"));

        hear(NOON.minusSeconds(1), stripes(false, false, false, "inactive"));

        assertThat(account.canCharge()).isTrue();
        assertThat(account.mirrored().isAsOldAs(NOON)).isTrue();
        assertThat(account.mirrored().isAsOldAs(NOON.plusSeconds(1))).isFalse();
    }

    @Test
    void staysDisconnected() {
        hear(NOON, stripes(true, true, true, "active"));

        account.connection().deauthorize(NOON.plusSeconds(60));
        hear(NOON.plusSeconds(120), stripes(true, true, true, "active"));

        assertThat(account.canCharge()).isFalse();
        assertThat(account.canBePaidOut()).isFalse();
        assertThat(account.reasons()).containsExactly(ACCOUNT_DEAUTHORIZED);
    }

    private void hear(Instant at, Said said) {
        account.made("acct_1");
        account.mirror(said.account(), at, at);
    }

    private static Said stripes(boolean submitted, boolean charges, boolean payouts, String transfers) {
        return new Said(submitted, charges, payouts, transfers, "[]", "[]");
    }

    private record Said(boolean submitted, boolean charges, boolean payouts, String transfers, String currentlyDue,
            String pendingVerification) {

        Said due(String what) {
            return new Said(submitted, charges, payouts, transfers, "[\"" + what + "\"]", pendingVerification);
        }

        Said pending(String what) {
            return new Said(submitted, charges, payouts, transfers, currentlyDue, "[\"" + what + "\"]");
        }

        StripeAccount account() {
            return StripeAccount.from(Json.read("""
                    {"id": "acct_1", "object": "account", "details_submitted": %s, "charges_enabled": %s,
                     "payouts_enabled": %s, "capabilities": {"transfers": "%s"}, "country": "US", "default_currency": "usd",
                     "requirements": {"currently_due": %s, "past_due": [], "pending_verification": %s,
                      "disabled_reason": null}}""".formatted(submitted, charges, payouts, transfers, currentlyDue,
                    pendingVerification)));
        }
    }
}
