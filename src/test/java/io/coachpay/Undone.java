package io.coachpay;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;

/**
 * Runs a test's work as the service, in a database transaction that is rolled back. So no job, comparison or other test ever
 * sees its rows, which need not agree with Stripe.
 */
@ApplicationScoped
public class Undone {

    private final Access access;
    private final EntityManager entities;
    private final DataSource database;
    private final Clock clock;

    Undone(Access access, EntityManager entities, DataSource database, Clock clock) {
        this.access = access;
        this.entities = entities;
        this.database = database;
        this.clock = clock;
    }

    /**
     * Does the work, has the database check the rules that it defers until the end, and rolls all of it back. Work that was
     * refused, as the test expected, is over.
     */
    public void run(Runnable work) {
        try {
            access.runAsService(() -> {
                work.run();
                if (!QuarkusTransaction.isRollbackOnly()) {
                    run("set constraints all immediate");
                }
                throw new RolledBack();
            });
        } catch (RolledBack end) {
            // As intended: the work was done, and nothing of it is left.
        } catch (QuarkusTransactionException wrapped) {
            if (wrapped.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw wrapped;
        }
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The service's time, to the second, as Stripe's events have it. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Changes rows as the service. */
    public int run(String statement, @Nullable Object... values) {
        entities.flush();
        return rows().update(statement, values);
    }

    /** Changes rows of which entities may have been read, and has those read again. */
    public void change(String statement, @Nullable Object... values) {
        run(statement, values);
        entities.clear();
    }

    /** The rows of a query, their columns set apart by blanks; amounts without zeros at their end, a dash for null. */
    public List<String> texts(String query, @Nullable Object... values) {
        entities.flush();
        return rows().query(query, Undone::text, values);
    }

    /** The journals of a payment, oldest first, each with the accounts that it moved. */
    public List<String> journals(UUID payment) {
        return texts("""
                select j.kind, j.reference || ':', string_agg(a.kind || ' ' || trim_scale(e.amount) || ' ' || e.currency, ', '
                       order by a.kind) from ledger_journals j join ledger_entries e on e.journal_id = j.id
                  join ledger_accounts a on a.id = e.account_id where j.transaction_id = ? group by j.id order by j.id""",
                payment);
    }

    /** For code that reads rows by SQL within the same database transaction. */
    public DataSource database() {
        return database;
    }

    /** Rows of the same database transaction. */
    public Rows rows() {
        return new Rows(database);
    }

    private static String text(ResultSet row) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        List<@Nullable Object> values = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
            values.add(row.getObject(column));
        }
        return IntStream.range(0, columns).mapToObj(column -> text(values.get(column))).collect(Collectors.joining(" "));
    }

    private static String text(@Nullable Object value) {
        if (value instanceof BigDecimal amount) {
            return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
        }
        return value == null ? "-" : value.toString();
    }
}
