package io.coachpay.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.stripe.StripeBalanceTransaction;
import io.coachpay.stripe.StripeDispute;

class DisputeTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final Instant DUE = NOW.plusSeconds(1000);

    @Test
    void holdsWhatWasWithdrawnUntilItIsGivenBack() {
        Dispute dispute = told("needs_response", NOW, "-125.00");
        assertThat(dispute.withdrawnAmount()).isEqualTo(Money.parse("USD 125.00"));

        dispute.apply(telling("won", "-125.00", "125.00"), NOW);

        assertThat(dispute.withdrawnAmount()).isEqualTo(Money.parse("USD 0.00"));
        assertThat(dispute.isDone()).isTrue();
    }

    @Test
    void waitsForWhatWasWonToComeBack() {
        assertThat(told("won", NOW, "-125.00").isDone()).isFalse();
        assertThat(told("lost", NOW, "-125.00").isDone()).isTrue();
    }

    @Test
    void takesForAllOfItWhatWasWithdrawnInAnotherCurrency() {
        StripeDispute told = telling("needs_response", List.of(line(Money.parse("EUR -115.00"))), 0);

        Dispute dispute = Dispute.of(UUID.randomUUID(), told, NOW);
        dispute.apply(told, NOW);

        assertThat(dispute.withdrawnAmount()).isEqualTo(Money.parse("USD 125.00"));
    }

    @Test
    void ignoresWhatIsOlderThanWhatItKnows() {
        Dispute dispute = told("lost", NOW, "-125.00");

        dispute.apply(telling("needs_response"), NOW.minusMillis(1));

        assertThat(dispute.status()).isEqualTo("lost");
        assertThat(dispute.withdrawnAmount()).isEqualTo(Money.parse("USD 125.00"));
        assertThat(dispute.closedAt()).isEqualTo(NOW);
    }

    @Test
    void isOpenAgainWhenTheBankThinksTwice() {
        Dispute dispute = told("lost", NOW, "-125.00");

        dispute.apply(telling("under_review", "-125.00"), NOW.plusSeconds(1));

        assertThat(dispute.closedAt()).isNull();
        assertThat(dispute.isDone()).isFalse();
    }

    /** Stripe keeps its answer to the evidence before under the key before. */
    @Test
    void takesAnotherKeyForOtherEvidence() {
        Dispute dispute = told("needs_response", NOW);
        int before = dispute.attempt();

        dispute.stage(Map.of("uncategorized_text", "We met."), NOW);

        assertThat(dispute.attempt()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource({ "needs_response,true", "warning_needs_response,true", "under_review,false", "warning_under_review,false",
            "won,false", "lost,false", "prevented,false", "warning_closed,false" })
    void takesEvidenceWhereTheBankAsksForIt(String status, boolean takes) {
        Dispute dispute = told(status, NOW);

        if (takes) {
            dispute.stage(Map.of("uncategorized_text", "We met."), NOW);
            assertThat(dispute.submission().evidence().said()).containsEntry("uncategorized_text", "We met.");
        } else {
            assertThatThrownBy(() -> dispute.stage(Map.of(), NOW)).isInstanceOf(DisputeRefused.NotOpen.class);
        }
    }

    @Test
    void takesEvidenceUntilItIsDue() {
        Dispute dispute = told("needs_response", NOW);

        dispute.stage(Map.of("uncategorized_text", "We met."), DUE);

        assertThatThrownBy(() -> dispute.askSubmission(UUID.randomUUID(), DUE.plusMillis(1)))
                .isInstanceOf(DisputeRefused.PastDue.class);
    }

    @Test
    void keepsItsEvidenceOnceSomebodySentIt() {
        Dispute dispute = told("needs_response", NOW);
        assertThatThrownBy(() -> dispute.askSubmission(UUID.randomUUID(), NOW)).isInstanceOf(DisputeRefused.NoEvidence.class);
        dispute.stage(Map.of("uncategorized_text", "We met."), NOW);

        dispute.askSubmission(UUID.randomUUID(), NOW);

        assertThat(dispute.isSubmissionOwed()).isTrue();
        assertThatThrownBy(() -> dispute.stage(Map.of("uncategorized_text", "No."), NOW))
                .isInstanceOf(DisputeRefused.Submitted.class);
    }

    @Test
    void isSubmittedWhenStripeSaysSo() {
        Dispute dispute = told("needs_response", NOW);
        dispute.stage(Map.of("uncategorized_text", "We met."), NOW);
        dispute.askSubmission(UUID.randomUUID(), NOW);

        dispute.apply(telling("under_review", List.of(), 1), NOW.plusSeconds(1));

        assertThat(dispute.isSubmissionOwed()).isFalse();
        assertThat(dispute.submission().confirmedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThatThrownBy(() -> dispute.askSubmission(UUID.randomUUID(), NOW)).isInstanceOf(DisputeRefused.Submitted.class);
    }

    private static Dispute told(String status, Instant at, String... amounts) {
        StripeDispute told = telling(status, amounts);
        Dispute dispute = Dispute.of(UUID.randomUUID(), told, NOW);
        dispute.apply(told, at);
        return dispute;
    }

    private static StripeDispute telling(String status, String... amounts) {
        return telling(status, List.of(amounts).stream().map(amount -> line(Money.parse("USD " + amount))).toList(), 0);
    }

    private static StripeDispute telling(String status, List<StripeBalanceTransaction> lines, int submissions) {
        return new StripeDispute("dp_1", "ch_1", "pi_1", Money.parse("USD 125.00"),
                StripeDispute.Status.valueOf(status.toUpperCase(Locale.ROOT)), status, "general", DUE, false, false,
                submissions, lines,
                Map.of(), NOW);
    }

    private static StripeBalanceTransaction line(Money amount) {
        Money fee = Money.zero(amount.getCurrencyUnit());
        return new StripeBalanceTransaction("txn_1", "adjustment", null, amount, fee, amount, "dp_1", NOW, NOW, true, null,
                null);
    }
}
