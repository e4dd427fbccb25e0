package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Management;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** A balance that differs from Stripe's is drift until a comparison finds it equal; a failed comparison heals nothing. */
@ServiceTest
class OpenFindingsTest {

    /** A currency in which no other story leaves a difference. */
    private static final String CURRENCY = "GBP";

    private static final Pattern DRIFT = Pattern.compile("coachpay_reconciliation_drift\\{currency=\"" + CURRENCY
            + "\"[^}]*} (\\S+)");

    private Person carol;
    private String account;
    private UUID payment;

    @BeforeEach
    void pay() {
        carol = Marketplace.coach("carol", "100.00", CURRENCY);
        account = Earnings.account(carol);
        payment = Marketplace.paid(Person.called("alice"), carol, 75);
        Marketplace.isTransferredSoon(payment);
        Findings.importNow(account, "platform");
        StripeSandbox.advance(Duration.ofMinutes(20));
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"do\": \"500_before\"",
            "\"do\": \"error\", \"status\": 400, \"type\": \"invalid_request_error\", \"code\": \"not_today\"" })
    void staysOpenWhileStripeDoesNotSayWhatTheAccountHolds(String how) {
        change(account, "+ 1");
        Findings.reconcile();
        StripeSandbox.advance(Duration.ofMinutes(20));
        Findings.reconcile();
        Map<String, Object> imported = Findings.open(account, "imported");
        assertThat(imported).containsEntry("cause", "unknown");

        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/balance\"}, %s}]}"
                .formatted(how));
        // Only now, or a run in between would see that all is well.
        change(account, "- 1");
        Findings.reconcile();

        assertThat(Findings.open(account)).extracting(finding -> finding.get("kind")).containsExactly("imported");
        assertThat(drift()).isEqualTo("1.00");
        StripeSandbox.noFaults();
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
        assertThat(drift()).isNull();
    }

    @Test
    void isMeasuredUntilItIsHealed() {
        OwnerSql.run("update stripe_balance_transactions set amount = amount + 2, net = net + 2"
                + " where account = 'platform' and source = (select stripe_charge_id from transactions where id = ?)", payment);
        Findings.reconcile();

        Map<String, Object> platform = Findings.open("platform").stream()
                .filter(finding -> CURRENCY.equals(finding.get("currency")) && "platform".equals(finding.get("kind")))
                .findFirst().orElseThrow();
        assertThat(Findings.amount(platform)).isEqualTo("-2.00 GBP");
        assertThat(drift()).isEqualTo("2.00");
        soon().untilAsserted(() -> assertThat(measured()).isEqualTo(2));

        OwnerSql.run("update stripe_balance_transactions set amount = amount - 2, net = net - 2"
                + " where account = 'platform' and source = (select stripe_charge_id from transactions where id = ?)", payment);
        Findings.reconcile();

        assertThat(Findings.isOpen(Findings.id(platform), "platform")).isFalse();
        assertThat(drift()).isNull();
        soon().untilAsserted(() -> assertThat(measured()).isZero());
    }

    @Test
    void seesWhatShouldHaveMovedToAvailableAndDidNot() {
        String days = "update stripe_balance_transactions set available_on = available_on %s interval '9 days', journal_id = %s"
                + " where account = ?";
        OwnerSql.run(days.formatted("-", "fact_journal_id"), account);

        Findings.reconcile();

        assertThat(Findings.amount(Findings.open(account, "unmoved"))).isEqualTo("100.00 GBP");
        assertThat(Findings.amount(Findings.open(account, "pending"))).isEqualTo("100.00 GBP");
        assertThat(Findings.amount(Findings.open(account, "available"))).isEqualTo("-100.00 GBP");
        assertThat(Findings.amount(Findings.open(account, "released"))).isEqualTo("100.00 GBP");
        assertThat(Findings.open(account)).hasSize(4);
        OwnerSql.run(days.formatted("+", "null"), account);
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void seesPayoutsThatTheLedgerKnowsOtherwise() {
        Person dave = Marketplace.coach("dave", "100.00", CURRENCY);
        String daves = Earnings.account(dave);
        Earnings.paid(dave);
        Earnings.availableSoon(dave, CURRENCY, "100.00");
        String payout = dave.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).extract()
                .path("stripePayoutId");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);
        Earnings.becomesSoon(dave, "100 paid standard coach");
        String more = "update ledger_accounts set balance = balance %s where owner_id = ?::uuid and kind = ?";
        OwnerSql.run(more.formatted("+ 5"), dave.id(), "coach_in_transit");
        OwnerSql.run(more.formatted("- 5"), dave.id(), "coach_paid_out");

        Findings.reconcile();
        Map<String, Object> inTransit = Findings.open(daves, "in_transit");
        Map<String, Object> paidOut = Findings.open(daves, "paid_out");
        OwnerSql.run(more.formatted("- 5"), dave.id(), "coach_in_transit");
        OwnerSql.run(more.formatted("+ 5"), dave.id(), "coach_paid_out");

        assertThat(Findings.amount(inTransit)).isEqualTo("5.00 GBP");
        assertThat(Findings.amount(paidOut)).isEqualTo("-5.00 GBP");
        Findings.reconcile();
        assertThat(Findings.open(daves)).isEmpty();
    }

    @Test
    void closesNothingThatIsMerelyTooManyToTell() {
        String steps = """
                insert into transfer_steps (id, transaction_id, kind, purpose, amount, currency, status)
                select ('%s' || substr(gen_random_uuid()::text, 2))::uuid, ?, 'transfer', 'dispute_won', 1, 'GBP', 'waiting_for_funds'
                  from generate_series(1, %d)""";
        OwnerSql.run(steps.formatted("0", 1), payment);
        Findings.reconcile();
        String first = Findings.id(Findings.open(account, "waiting_step"));
        OwnerSql.run(steps.formatted("f", 1000), payment);

        Findings.reconcile();
        List<Map<String, Object>> open = OwnerSql.rows(
                "select id::text from reconciliation_findings where account = ? and resolved_at is null", account);
        OwnerSql.run("update transfer_steps set status = 'refused', failure_code = 'withdrawn' where transaction_id = ?",
                payment);

        assertThat(open).hasSize(1001).contains(Map.of("id", first));
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    private static void change(String account, String by) {
        OwnerSql.run("update stripe_balance_transactions set amount = amount %1$s, net = net %1$s where account = ?"
                .formatted(by), account);
    }

    /** The last run's drift in this currency; null where nothing differed. */
    private static String drift() {
        return Findings.admin().gets("/v1/admin/reconciliation").statusCode(200).extract().jsonPath()
                .getString("drift.find { it.currency == '" + CURRENCY + "' }?.amount");
    }

    private static double measured() {
        Matcher drift = DRIFT.matcher(Management.get("/q/metrics").then().statusCode(200).extract().asString());
        return drift.find() ? Double.parseDouble(drift.group(1)) : Double.NaN;
    }
}
