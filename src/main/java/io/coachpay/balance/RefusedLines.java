package io.coachpay.balance;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;

/**
 * Isolates lines that the books refuse. Lines are booked many at a time; when that fails, each is booked alone. The refused
 * ones then pause for an hour, and are findings until they are booked.
 */
@ApplicationScoped
class RefusedLines {

    private static final Logger LOG = Logger.getLogger(RefusedLines.class);
    private static final String REFUSED = """
            update stripe_balance_transactions set book_at = now() + interval '1 hour', problem = ? where id = ?""";
    private static final int LONGEST = 500;

    private final Access access;
    private final Rows rows;

    RefusedLines(Access access, DataSource database) {
        this.access = access;
        this.rows = new Rows(database);
    }

    /**
     * Books a batch as one, or else line by line.
     *
     * @param all books the batch, and returns the number of lines
     * @param lines of the batch
     * @param alone books one of them
     */
    int whole(Supplier<Integer> all, Supplier<List<UUID>> lines, Consumer<UUID> alone) {
        try {
            return all.get();
        } catch (RuntimeException refused) {
            int booked = 0;
            for (UUID line : lines.get()) {
                try {
                    alone.accept(line);
                    booked++;
                } catch (RuntimeException why) {
                    LOG.errorf(why, "Line %s could not be booked", line);
                    note(line, why);
                }
            }
            LOG.warnf("Lines had to be booked one by one, %d of them: %s", booked, refused.getMessage());
            return booked;
        }
    }

    private void note(UUID line, RuntimeException why) {
        Throwable cause = why.getCause() == null ? why : why.getCause();
        String problem = String.valueOf(cause.getMessage());
        access.runAsService(() -> rows.update(REFUSED, problem.substring(0, Math.min(problem.length(), LONGEST)), line));
    }
}
