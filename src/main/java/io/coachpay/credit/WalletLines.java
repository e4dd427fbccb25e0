package io.coachpay.credit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.http.Paging;
import io.coachpay.money.Credits;

/** Reads the lines of a wallet, each with the balance before and after it, as the caller may see them. */
@ApplicationScoped
class WalletLines {

    /**
     * By the wallet's own numbers, since ids are not in the order of the lines where two writers met. The place to go on from
     * is one value, found first: PostgreSQL searches the index for it only then.
     */
    private static final String PAGE = """
            select l.id, l.occurred_at, l.kind, l.amount, l.balance_before, l.balance_after, l.transaction_id, l.session_id,
                   case l.kind when 'credits_adjusted' then (select reason from credit_adjustments where journal_id = l.journal_id)
                     else l.package_name end as words
              from wallet_lines l
             where l.user_id = ? and l.currency = ?
               and l.line < (select coalesce(max(line), 9223372036854775807) from wallet_lines where id = ?)
             order by l.line desc limit ?""";

    private final Rows rows;

    WalletLines(DataSource database) {
        this.rows = new Rows(database);
    }

    /**
     * A line of a wallet. All amounts have six digits.
     *
     * @param at when its fact happened
     * @param amount signed: what came is positive
     */
    @Schema(name = "CreditTransaction")
    record Line(UUID id, Instant at, @Schema(enumeration = {
            "credit", "debit", "adjustment" }) String type,
            @Schema(examples = "-25.000000") String amount, @Schema(examples = "33.000000") String balanceBefore,
            @Schema(examples = "8.000000") String balanceAfter, @Schema(examples = "Paid for a session") String description,
            @Nullable UUID sessionId, @Nullable UUID transactionId){

        private static Line of(ResultSet row) throws SQLException {
            String kind = row.getString("kind");
            Credits amount = Credits.of(row.getBigDecimal("amount"));
            return new Line(row.getObject("id", UUID.class), Rows.instant(row, "occurred_at"), type(kind, amount),
                    amount.toString(), Credits.of(row.getBigDecimal("balance_before")).toString(),
                    Credits.of(row.getBigDecimal("balance_after")).toString(), description(kind, row.getString("words")),
                    row.getObject("session_id", UUID.class), row.getObject("transaction_id", UUID.class));
        }

        private static String type(String kind, Credits amount) {
            return kind.equals("credits_adjusted") ? "adjustment" : amount.isNegative() ? "debit" : "credit";
        }

        private static String description(String kind, @Nullable String words) {
            return switch (kind) {
                case "credits_bought" -> "Bought: " + words;
                case "credits_booked" -> "Paid for a session";
                case "credits_returned", "credits_refunded" -> "Back from a session";
                case "credits_taken" -> "Taken, since the money went back: " + words;
                case "credits_given_back" -> "Given back: " + words;
                case "credits_adjusted" -> String.valueOf(words);
                default -> throw new IllegalStateException("No journal of credits is called " + kind);
            };
        }
    }

    /** Returns a page of a user's lines, newest first, with one more than asked for if there are more. */
    @Transactional
    List<Line> of(UUID user, Paging paging) {
        return rows.query(PAGE, Line::of, user, Credits.CURRENCY.getCode(), paging.before(), paging.limit() + 1);
    }
}
