package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.quarkus.arc.Arc;

/** Findings, as an administrator sees them. */
final class Findings {

    private Findings() {
    }

    /** Waits until a run has ended that began after now. */
    static void reconcile() {
        Instant now = StripeSandbox.now();
        Jobs jobs = Arc.container().instance(Jobs.class).get();
        soon().until(() -> {
            jobs.runNow("reconciliation");
            JsonNode runs = Json.read(admin().gets("/v1/admin/reconciliation").statusCode(200).extract().asString());
            return !Instant.parse(runs.required("last").required("startedAt").textValue()).isBefore(now);
        });
    }

    /** Does something while no run looks at findings; at most for the half minute in which a run has to show itself. */
    static void betweenRuns(Runnable work) {
        UUID own = UUID.randomUUID();
        soon().until(() -> OwnerSql.run("""
                insert into reconciliation_runs (id, status, step, started_at) values (?, 'running', 'begun', now())
                on conflict do nothing""", own) == 1);
        try {
            work.run();
        } finally {
            OwnerSql.run("delete from reconciliation_runs where id = ?", own);
        }
    }

    /** Imports and matches Stripe's books of these accounts now. */
    static void importNow(String... accounts) {
        Jobs jobs = Arc.container().instance(Jobs.class).get();
        for (String account : accounts) {
            OwnerSql.run(
                    "update stripe_cursors set requested_at = ?::timestamptz where listing = 'balance_transactions' and account = ?",
                    StripeSandbox.now().toString(), account);
        }
        soon().until(() -> {
            jobs.runNow("balance-import");
            return OwnerSql
                    .rows("""
                            select 1 from stripe_cursors where listing = 'balance_transactions' and account = any (string_to_array(?, ',')) and requested_at is not null""",
                            String.join(",", accounts))
                    .isEmpty();
        });
        // Lines that the background job has imported meanwhile need not be matched yet.
        jobs.runNow("balance-import");
    }

    /** The open findings of an account. */
    static List<Map<String, Object>> open(String account) {
        return admin().gets("/v1/admin/reconciliation/findings?limit=100&account=" + account).statusCode(200).extract()
                .path("data");
    }

    /** The closed findings of an account. */
    static List<Map<String, Object>> resolved(String account) {
        return admin().gets("/v1/admin/reconciliation/findings?limit=100&status=resolved&account=" + account).statusCode(200)
                .extract().path("data");
    }

    /** The one open finding of this kind. */
    static Map<String, Object> open(String account, String kind) {
        List<Map<String, Object>> found = open(account).stream().filter(finding -> kind.equals(finding.get("kind"))).toList();
        assertThat(found).as(() -> "of kind " + kind + " among " + open(account)).hasSize(1);
        return found.get(0);
    }

    /** The kinds of the open findings about a payment. */
    static List<String> of(UUID payment) {
        return OwnerSql
                .rows("select kind from reconciliation_findings where transaction_id = ? and resolved_at is null", payment)
                .stream().map(row -> row.get("kind").toString()).toList();
    }

    static boolean isOpen(String id, String account) {
        return open(account).stream().anyMatch(finding -> finding.get("id").equals(id));
    }

    static String id(Map<String, Object> finding) {
        return Objects.requireNonNull(finding.get("id")).toString();
    }

    /** Asked for each time: suites take longer than a token lasts. */
    static Person admin() {
        return Person.admin();
    }

    /** The finding's amount with its currency. */
    static String amount(Map<String, Object> finding) {
        Map<?, ?> money = (Map<?, ?>) Objects.requireNonNull(finding.get("amount"));
        return money.get("amount") + " " + money.get("currency");
    }
}
