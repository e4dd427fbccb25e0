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

    /**
     * In the order of Stripe's ids, which is that of all who store the same lines at once. A known line is not locked: others
     * match and book it, in another order than a page's.
     */
    private static final String STORE = """
            insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, reporting_category, source,
                   amount, fee, net, currency, created, available_on, ignored)
            select line.id, given.account, line.transaction, line.type, line.category, line.source, line.amount, line.fee, line.net,
                   line.currency, line.created, line.available_on, line.type = any (given.ignored)
              from (select ?::text as account, ?::text[] as ignored) as given,
                   unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[], ?::numeric[], ?::text[],
                          ?::timestamptz[], ?::timestamptz[])
                   as line (id, transaction, type, category, source, amount, fee, net, currency, created, available_on)
             where not exists (select from stripe_balance_transactions known
                    where known.account = given.account and known.stripe_balance_transaction_id = line.transaction)
             order by line.transaction
            on conflict on constraint stripe_balance_transactions_once do nothing""";
    /** Locks lines in the order of our ids, as all do who change several at once. */
    private static final String MOVE_DATES = """
            with moved as (
              select known.id, line.available_on
                from unnest(?::text[], ?::timestamptz[]) as line (transaction, available_on)
                join stripe_balance_transactions known
                  on known.account = ? and known.stripe_balance_transaction_id = line.transaction
               where known.available_on <> line.available_on and known.journal_id is null
               order by known.id for no key update of known)
            update stripe_balance_transactions known set available_on = moved.available_on
              from moved where known.id = moved.id""";
    private static final String SET_ASIDE = """
            insert into unreadable_lines (id, account, stripe_id, problem, line) values (?, ?, ?, ?, ?)
            on conflict on constraint unreadable_lines_once do update set problem = excluded.problem, line = excluded.line""";
    private static final String TAKE_UNREADABLE = """
            update unreadable_lines set problem = problem
             where id in (select id from unreadable_lines where account = ? and stripe_id like 'txn\\_%' order by updated_at, id limit ?
                            for update skip locked)
            returning stripe_id""";
    private static final String READ = """
            delete from unreadable_lines where id in (
                   select id from unreadable_lines where account = ? and stripe_id = any (?::text[]) order by id for update)""";

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
     * Stores a page; a known line keeps its place, and takes over Stripe's date of availability until it is booked.
     *
     * @return whether there was anything new
     */
    boolean store(String account, List<StripeBalanceTransaction> page) {
        int added = rows.update(STORE, account, new Rows.Column("text", Fact.ignored()),
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
        int moved = rows.update(MOVE_DATES, column("text", page, StripeBalanceTransaction::id),
                column("timestamptz", page, StripeBalanceTransaction::availableOn), account);
        rows.update(READ, account, column("text", page, StripeBalanceTransaction::id));
        return added + moved > 0;
    }

    private static Rows.Column column(String type, List<StripeBalanceTransaction> page,
            Function<StripeBalanceTransaction, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>();
        page.forEach(line -> values.add(value.apply(line)));
        return new Rows.Column(type, values);
    }
}
