package io.coachpay.dispute;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.job.Jobs;
import io.coachpay.journey.Marketplace;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferBooks;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;

/** Transfer requests to a coach for disputes, and from the platform for won ones. */
@ServiceTest
class RecoveriesTest {

    @Inject
    Access access;

    @Inject
    Recoveries recoveries;

    @Inject
    TransferRequestBooks steps;

    @Inject
    TransferBooks transfers;

    @Inject
    Jobs jobs;

    private UUID payment;
    private UUID dispute;

    /** Pays; Stripe does not know the dispute, so that only these tests set its state. */
    @BeforeEach
    void pay() {
        payment = Marketplace.paid(Person.called("alice"), Marketplace.coach("carol", "100.00", "CAD"), 75,
                "pm_card_bypassPending");
        soon().until(() -> !access.asService(() -> Transfer.of(payment)).isEmpty());
        dispute = UUID.randomUUID();
        OwnerSql.run("""
                insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, opened_at)
                values (?, ?, ?, 125, 'CAD', 'needs_response', 'general', now())""", dispute, payment,
                "dp_" + dispute.toString().replace("-", ""));
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void asksOnceHoweverOftenItIsToldTo() {
        withdrawn("125");

        settle(recoveries);
        settle(recoveries);

        assertThat(asked(Purpose.DISPUTE_RECOVERY)).containsExactly(cad("100.00"));
    }

    @Test
    void asksForWhatIsTakenMoreAndGivesBackWhatIsTakenLess() {
        withdrawn("50");
        settle(recoveries);
        withdrawn("125");
        settle(recoveries);
        jobs.runNow("transfer-steps");
        soon().until(() -> open().isEmpty());
        withdrawn("62.50");
        settle(recoveries);

        assertThat(asked(Purpose.DISPUTE_RECOVERY)).containsExactly(cad("40.00"), cad("60.00"));
        assertThat(asked(Purpose.DISPUTE_WON)).containsExactly(cad("50.00"));
    }

    @Test
    void takesFromEveryTransferOfThePayment() {
        for (String amount : List.of("125", "0", "125")) {
            withdrawn(amount);
            settle(recoveries);
            jobs.runNow("transfer-steps");
            soon().until(() -> open().isEmpty());
        }

        assertThat(asked(Purpose.DISPUTE_RECOVERY)).containsExactly(cad("100.00"), cad("25.00"), cad("75.00"));
        assertThat(asked(Purpose.DISPUTE_WON)).containsExactly(cad("100.00"));
    }

    @Test
    void asksNoMoreForWhatStripeRefused() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"path": "/v1/transfers/%s/reversals"}, "do": "error", "status": 400,
                  "type": "invalid_request_error", "code": "account_invalid"}]}"""
                .formatted(access.asService(() -> Transfer.of(payment)).get(0).stripeId()));
        withdrawn("125");
        settle(recoveries);
        jobs.runNow("transfer-steps");
        soon().until(() -> open().isEmpty());

        settle(recoveries);

        assertThat(asked(Purpose.DISPUTE_RECOVERY)).hasSize(1);
        withdrawn("0");
        settle(recoveries);
        assertThat(asked(Purpose.DISPUTE_WON)).isEmpty();
    }

    @Test
    void leavesAllOfItToThePlatformWhereThatIsSettled() {
        withdrawn("125");

        settle(new Recoveries(steps, transfers, new DisputeSettings() {
            @Override
            public boolean recoverFromCoach() {
                return false;
            }

            @Override
            public Duration evidenceKept() {
                return Duration.ZERO;
            }
        }));

        assertThat(asked(Purpose.DISPUTE_RECOVERY)).isEmpty();
    }

    private void withdrawn(String amount) {
        OwnerSql.run("update disputes set withdrawn_amount = ? where id = ?", new BigDecimal(amount), dispute);
    }

    private void settle(Recoveries with) {
        access.runAsService(() -> with.settle(TransactionQueries.locked(payment).orElseThrow(), dispute));
    }

    private List<TransferRequest> open() {
        return access.asService(() -> TransferRequest.of(payment)).stream().filter(TransferRequest::isOpen).toList();
    }

    private List<Money> asked(Purpose purpose) {
        return access.asService(() -> TransferRequest.of(payment)).stream().filter(step -> step.purpose() == purpose)
                .map(TransferRequest::amount).toList();
    }

    private static Money cad(String amount) {
        return Money.parse("CAD " + amount);
    }
}
