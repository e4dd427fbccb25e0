package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.money.StripeCurrencies;

/** Lists coaches who owe the platform: more went back to payers than they have. The platform bears it until they earn it. */
@ApplicationScoped
class CoachDebts {

    /**
     * Debts, and since when the account that is below zero has been so. Both accounts may be below zero at different times; the
     * earlier one counts.
     */
    static final String DEBTS = """
            select p.id, p.owner_id, p.currency, p.balance + coalesce(v.balance, 0) as balance, crossed.at as since
              from ledger_accounts p
              left join ledger_accounts v
                on v.owner_id = p.owner_id and v.currency = p.currency and v.kind = 'coach_available'
             cross join lateral (
                   select min(each.at) as at from (values (p.id, p.balance), (v.id, v.balance)) as account (id, balance)
                    cross join lateral (
                          select j.occurred_at as at from ledger_entries e join ledger_journals j on j.id = e.journal_id
                           where e.account_id = account.id and e.balance_before >= 0 and e.balance_after < 0
                           order by e.line desc limit 1) each
                    where account.balance < 0) crossed
             where p.kind = 'coach_pending' and p.balance + coalesce(v.balance, 0) < 0""";
    private static final String PAGE = "with debt as (" + DEBTS + """
            )
            select d.*, c.stripe_account_id from debt d left join stripe_connected_accounts c on c.user_id = d.owner_id
             where d.id < ? order by d.id desc limit ?""";
    private static final String TOTALS = """
            select p.currency, sum(-p.balance - coalesce(v.balance, 0)) as debt, count(*) as coaches
              from ledger_accounts p
              left join ledger_accounts v
                on v.owner_id = p.owner_id and v.currency = p.currency and v.kind = 'coach_available'
             where p.kind = 'coach_pending' and p.balance + coalesce(v.balance, 0) < 0 group by p.currency""";

    private final Access access;
    private final Rows rows;

    CoachDebts(Access access, DataSource database) {
        this.access = access;
        this.rows = new Rows(database);
    }

    /**
     * A coach's debt in a currency.
     *
     * @param id of the ledger's account
     */
    record Debt(UUID id, View view) {

        static Debt of(ResultSet row) throws SQLException {
            Money debt = StripeCurrencies.of(row.getString("currency")).of(row.getBigDecimal("balance").negate());
            return new Debt(row.getObject("id", UUID.class), new View(row.getObject("owner_id", UUID.class),
                    row.getString("stripe_account_id"), row.getString("currency"), debt, Rows.instant(row, "since")));
        }
    }

    /** A debt, as administrators see it. */
    @Schema(name = "CoachDebt")
    record View(UUID coachId, @Nullable @Schema(description = "At Stripe", examples = "acct_1") String account,
            @Schema(examples = "USD") String currency,
            @Schema(description = "How far `pending` and `available` together are below zero") Money debt,
            @Schema(description = "Since when one of the two has been below zero") Instant since) {
    }

    /** The sum of debts in a currency, and the number of coaches. */
    record Total(BigDecimal debt, long coaches) {
    }

    /** A page of debts, of the youngest accounts first, with one more than asked for if there are more. */
    List<Debt> page(UUID before, int limit) {
        return access.asAdmin(() -> rows.query(PAGE, Debt::of, before, limit + 1));
    }

    /** Debts by currency; joins a database transaction. */
    Map<String, Total> totals() {
        Map<String, Total> totals = new TreeMap<>();
        rows.query(TOTALS, row -> totals.put(row.getString("currency"),
                new Total(row.getBigDecimal("debt"), row.getLong("coaches"))));
        return totals;
    }
}
