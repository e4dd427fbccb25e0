package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
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
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;
import io.coachpay.transfer.TransfersAtStripe;

/** Transfers and reversals between platform and coach on their own: asked for once, however Stripe answers. */
@ServiceTest
class TransferRequestsTest {

    @Inject
    Access access;

    @Inject
    TransferRequestBooks steps;

    @Inject
    TransfersAtStripe atStripe;

    @Inject
    Jobs jobs;

    private Person carol;
    private UUID payment;
    private UUID dispute;

    private Money share;

    @BeforeEach
    void begin() {
        pay("AUD");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void takesBackOnce() {
        UUID step = reverse();

        jobs.runNow("transfer-steps");
        atStripe.advance(step);

        assertThat(status(step)).isEqualTo("created");
        assertThat(booked("dispute_recovered")).isEqualByComparingTo("-100");
        Books.closeFor(carol);
    }

    @Test
    void findsWhatAnErrorHidItself() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers/*"}, "do": "500_after", "times": 60}]}""");
        UUID step = reverse();

        soon().untilAsserted(() -> assertThat(status(step)).isEqualTo("created"));

        assertThat(booked("dispute_recovered")).isEqualByComparingTo("-100");
        Books.closeFor(carol);
    }

    @Test
    void booksFromTheEventWhatNobodyAnswered() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "GET", "path": "/v1/transfers/*"}, "do": "latency", "millis": 1, "times": 1},
                              {"match": {"method": "POST", "path": "/v1/transfers/*"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/transfers/*"}, "do": "refuse", "times": 60}]}""");
        UUID step = reverse();

        jobs.runNow("transfer-steps");

        soon().untilAsserted(() -> assertThat(status(step)).isEqualTo("created"));
        assertThat(booked("dispute_recovered")).isEqualByComparingTo("-100");
    }

    @Test
    void waitsUntilThePlatformHoldsTheMoney() {
        pay("CHF");
        reverse();
        jobs.runNow("transfer-steps");
        UUID step = access.asService(() -> steps.send(transaction(), share, Purpose.DISPUTE_WON, dispute).id());
        atStripe.advance(step);
        assertThat(status(step)).isEqualTo("waiting_for_funds");
        assertThat(OwnerSql.rows("select 1 from transfer_steps where id = ? and check_at > ?::timestamptz", step,
                StripeSandbox.now().plus(Duration.ofMinutes(5)).toString())).as("waits longer than a try takes").hasSize(1);

        StripeSandbox.advance(Duration.ofDays(3));

        soon().untilAsserted(() -> assertThat(status(step)).isEqualTo("created"));
        assertThat(booked("dispute_repaid")).isEqualByComparingTo("100");
        Books.closeFor(carol);
    }

    @Test
    void goesOnAsSoonAsThePlatformIsToppedUp() {
        UUID step = waitingForLong();

        Marketplace.toppedUp("gbp", 20000);

        soon().untilAsserted(() -> assertThat(status(step)).isEqualTo("created"));
        Books.closeFor(carol);
    }

    @Test
    void goesOnAsSoonAsThePlatformsFundsAreAvailable() {
        UUID step = waitingForLong();

        StripeSandbox.advance(Duration.ofDays(3));

        soon().untilAsserted(() -> assertThat(status(step)).isEqualTo("created"));
        Books.closeFor(carol);
    }

    /** A request that failed so often that its next turn is far away. */
    private UUID waitingForLong() {
        pay("GBP");
        reverse();
        jobs.runNow("transfer-steps");
        emptyThePlatformsPurse();
        UUID step = access.asService(() -> steps.send(transaction(), share, Purpose.DISPUTE_WON, dispute).id());
        atStripe.advance(step);
        assertThat(status(step)).isEqualTo("waiting_for_funds");
        OwnerSql.run("update transfer_steps set check_at = check_at + interval '30 days' where id = ?", step);
        return step;
    }

    /** Pays out to the platform's bank what an earlier story left in this currency. */
    private static void emptyThePlatformsPurse() {
        Integer left = StripeSandbox.request().get("/v1/balance").then().statusCode(200).extract()
                .path("available.find { it.currency == 'gbp' }?.amount");
        if (left != null && left > 0) {
            StripeSandbox.request().formParam("amount", left).formParam("currency", "gbp").post("/v1/payouts").then()
                    .statusCode(200);
        }
    }

    @Test
    void saysWhatStripeRefusedForGood() {
        reverse();
        jobs.runNow("transfer-steps");
        UUID tooMuch = reverse();

        soon().untilAsserted(() -> assertThat(status(tooMuch)).isEqualTo("refused"));
        Books.closeFor(carol, "refused_step");
    }

    @Test
    void learnsOfTransfersNobodyTold() {
        OwnerSql.run("delete from transfers where transaction_id = ?", payment);
        StripeSandbox.advance(Duration.ofHours(1));

        jobs.runNow("transfer-sync");

        assertThat(access.asService(() -> Transfer.of(payment))).hasSize(1);
    }

    /** In a currency that no other story leaves with the platform. */
    private void pay(String currency) {
        carol = Marketplace.coach("carol", "100.00", currency);
        share = Money.parse(currency + " 100.00");
        payment = Marketplace.paid(Person.called("alice"), carol, 75);
        soon().until(() -> !access.asService(() -> Transfer.of(payment)).isEmpty());
        dispute = UUID.randomUUID();
        OwnerSql.run("""
                insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, opened_at)
                values (?, ?, ?, 125, ?, 'needs_response', 'general', now())""", dispute, payment,
                "dp_" + dispute.toString().replace("-", ""), currency);
    }

    private UUID reverse() {
        Transfer transfer = transfer();
        return access.asService(() -> steps.reverse(transfer, share, Purpose.DISPUTE_RECOVERY, dispute).id());
    }

    private Transfer transfer() {
        return access.asService(() -> Transfer.of(payment)).get(0);
    }

    private Transaction transaction() {
        return Transaction.findById(payment);
    }

    private String status(UUID step) {
        return access.asService(() -> TransferRequest.<TransferRequest> findById(step).status().column());
    }

    private BigDecimal booked(String kind) {
        return (BigDecimal) OwnerSql.rows("""
                select sum(e.amount) as amount from ledger_entries e join ledger_journals j on j.id = e.journal_id
                  join ledger_accounts a on a.id = e.account_id
                 where j.transaction_id = ? and j.kind = ? and a.kind = 'coach_pending'""", payment, kind).get(0).get("amount");
    }
}
