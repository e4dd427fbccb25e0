package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.coachpay.access.Rows;
import io.coachpay.money.StripeCurrencies;

/** One comparison of our books with Stripe's. */
@Schema(name = "ReconciliationRun")
public record ReconciliationRun(UUID id, Status status,
        @Schema(description = "What it is doing; absent when it is over", examples = "comparing") @Nullable String step,
        Instant startedAt, @Nullable Instant finishedAt,
        @Schema(description = "Accounts whose balance Stripe was asked for", examples = "12") long accounts,
        @Schema(description = "Stripe's balance transactions that were compared", examples = "48213") long balanceTransactions,
        @Schema(description = "Findings that it left open", examples = "0") long openFindings,
        @Schema(description = "The sum of all unexplained differences of balances, signs left out; empty when every balance is Stripe's") List<Money> drift,
        @Schema(description = "Why it failed, if it did") @Nullable String failure) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The state of a run. */
    public enum Status {
        RUNNING,
        DONE,
        FAILED;

        /** The state as the database and the API write it. */
        @JsonValue
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static ReconciliationRun of(ResultSet row) throws SQLException {
        return new ReconciliationRun(row.getObject("id", UUID.class),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getString("step"), Rows.instant(row, "started_at"), Rows.instantOrNull(row, "finished_at"),
                row.getLong("accounts"), row.getLong("balance_transactions"), row.getLong("open_findings"),
                drift(row.getString("drift")), row.getString("failure"));
    }

    private static List<Money> drift(String json) {
        try {
            JsonNode amounts = JSON.readTree(json);
            List<Money> drift = new ArrayList<>();
            amounts.fields().forEachRemaining(each -> drift.add(Money.of(StripeCurrencies.of(each.getKey()).unit(),
                    new BigDecimal(each.getValue().asText()), RoundingMode.UP)));
            return drift;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The drift of a run is not JSON", e);
        }
    }
}
