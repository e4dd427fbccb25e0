package io.coachpay.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.Cursors;
import io.coachpay.stripe.StripeBalanceTransaction;

/** Stores what is imported: the mirrored balance transactions. All verbs join a database transaction. */
@ApplicationScoped
public class BalanceTransactions {

    /** Stands for the platform's own account in the tables. */
    public static final String PLATFORM = Cursors.PLATFORM;

    private static final String STORE = """
            insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, reporting_category, source,
                   amount, fee, net, currency, created, available_on, ignored)
            select line.id, given.account, line.transaction, line.type, line.category, line.source, line.amount, line.fee, line.net,
                   line.currency, line.created, line.available_on, line.type = any (given.ignored)
              from (select ?::text as account, ?::text[] as ignored) as given,
                   unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[], ?::numeric[], ?::text[],
                          ?::timestamptz[], ?::timestamptz[])
                   as line (id, transaction, type, category, source, amount, fee, net, currency, created, available_on)
            on conflict on constraint stripe_balance_transactions_once do update
               set available_on = excluded.available_on
             where stripe_balance_transactions.available_on <> excluded.available_on
               and stripe_balance_transactions.journal_id is null""";
    private static final String SET_ASIDE = """
            insert into unreadable_lines (id, account, stripe_id, problem, line) values (?, ?, ?, ?, ?)
            on conflict on constraint unreadable_lines_once do update set problem = excluded.problem, line = excluded.line""";
    private static final String TAKE_UNREADABLE = """
            update unreadable_lines set problem = problem
             where id in (select id from unreadable_lines where account = ? and stripe_id like 'txn\\_%' order by updated_at, id limit ?)
            returning stripe_id""";
    private static final String READ = "delete from unreadable_lines where account = ? and stripe_id = any (?::text[])";
    private final Rows rows;

    BalanceTransactions(DataSource database) {
        this.rows = new Rows(database);
    }

    /** Stores a line that was not understood, and why. */
    void setAside(String account, UnreadableLine line) {
        rows.update(SET_ASIDE, Ids.next(), account, line.id(), line.problem(), line.text());
    }

    /** Lines that were set aside, the longest unread first; each has its next turn after the others. */
    List<String> takeUnreadable(String account, int most) {
        return rows.query(TAKE_UNREADABLE, row -> row.getString("stripe_id"), account, most);
    }

    /**
     * Stores a page in one statement; a known line keeps its place, and takes over Stripe's date of availability.
     *
     * @return whether there was anything new
     */
    boolean store(String account, List<StripeBalanceTransaction> page) {
        int changed = rows.update(STORE, account, new Rows.Column("text", Fact.ignored()),
                column("uuid", page, line -> Ids.next()),
                column("text", page, StripeBalanceTransaction::id),
                column("text", page, StripeBalanceTransaction::type),
                column("text", page, StripeBalanceTransaction::reportingCategory),
                column("text", page, StripeBalanceTransaction::sourceId),
                column("numeric", page, line -> line.amount().getAmount()),
                column("numeric", page, line -> line.fee().getAmount()),
                column("numeric", page, line -> line.net().getAmount()),
                column("text", page, line -> line.amount().getCurrencyUnit().getCode()),
                column("timestamptz", page, StripeBalanceTransaction::created),
                column("timestamptz", page, StripeBalanceTransaction::availableOn));
        rows.update(READ, account, column("text", page, StripeBalanceTransaction::id));
        return changed > 0;
    }

    private static Rows.Column column(String type, List<StripeBalanceTransaction> page,
            Function<StripeBalanceTransaction, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>();
        page.forEach(line -> values.add(value.apply(line)));
        return new Rows.Column(type, values);
    }
}
