package io.coachpay.balance;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.Rhythm;
import io.coachpay.stripe.StripeBalanceTransaction;
import io.coachpay.stripe.StripeRefused;

/** Stores the import: the mirrored balance transactions, and a mark for each account. All verbs join a database transaction. */
@ApplicationScoped
public class BalanceTransactions {

    /** Stands for the platform's own account in the tables. */
    public static final String PLATFORM = "platform";

    private static final String OPEN_MARKS = """
            insert into balance_imports (id, account, moved_at)
            select gen_random_uuid(), account, ? from (
                   select stripe_account_id as account from stripe_connected_accounts
                    where stripe_account_id is not null and deauthorized_at is null
                   union all select 'platform') as known
             where not exists (select from balance_imports i where i.account = known.account)
            on conflict (account) do nothing""";
    /** A late request for an account that was replaced leads to no import: the account has no mark any more. */
    private static final String REQUEST = """
            insert into balance_imports (id, account, requested_at)
            select given.* from (values (?, ?::text, ?::timestamptz)) as given (id, account, at)
             where not exists (select from stripe_connected_accounts c where c.replaced_accounts @> array[given.account])
            on conflict (account) do update set requested_at = excluded.requested_at""";
    /** Stripe reports nothing about disconnected accounts. */
    private static final String DUE = """
            select i.account from (select ?::timestamptz as now) as given cross join balance_imports i
             where (retry_at is null or retry_at <= given.now)
               and (requested_at <= given.now
                    or requested_at is null and (resume_after is not null or next_at is null or next_at <= given.now))
               and not exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = i.account and c.deauthorized_at is not null)
             order by requested_at nulls last, next_at nulls first limit ?""";
    /** The platform, and accounts whose books have moved since their import. */
    private static final String MOVED = """
            select i.account from balance_imports i
              left join stripe_connected_accounts c on c.stripe_account_id = i.account
             where i.account = 'platform'
                or c.deauthorized_at is null and exists (
                   select from ledger_accounts a where a.owner_id = c.user_id and a.kind like 'coach%' and a.updated_at > i.updated_at)
             order by i.account = 'platform' desc, i.updated_at limit ?""";
    /** A resumed listing sees nothing newer than its beginning, so a request stays for the next one. */
    private static final String BEGIN = """
            insert into balance_imports as mark (id, account, listing_from)
            select given.* from (values (?, ?::text, ?::timestamptz)) as given (id, account, at)
             where not exists (select from stripe_connected_accounts c where c.replaced_accounts @> array[given.account])
            on conflict (account) do update
               set listing_from = case when mark.resume_after is null then excluded.listing_from else mark.listing_from end
            returning imported_until, resume_after""";
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
    private static final String COMPARED = "update balance_imports set compared_at = now() where account = ?";
    private static final String RESUME = "update balance_imports set resume_after = ? where account = ?";
    private static final String MOVED_AT = "update balance_imports set moved_at = greatest(moved_at, ?) where account = ?";
    /** The platform's own account always has something new. */
    private static final String END = """
            update balance_imports i set imported_until = listing_from, resume_after = null, failure = null,
                   failures = 0, failed_since = null, retry_at = null,
                   requested_at = case when requested_at >= listing_from then requested_at end,
                   next_at = %s
              from (select ?::timestamptz as now) as given
             where i.account = ?"""
            .formatted(Rhythm.next("case i.account when 'platform' then given.now else i.moved_at end", "given.now"));
    /**
     * The pause that Stripe asks for, or else ten seconds, doubled each time, an hour at most; Stripe being away does not
     * count.
     */
    private static final String FAILED = """
            update balance_imports i
               set failure = given.failure, failures = i.failures + given.counts,
                   failed_since = coalesce(i.failed_since, given.now), requested_at = coalesce(i.requested_at, given.now),
                   retry_at = given.now + coalesce(interval '1 second' * given.pause, least(interval '1 hour',
                       interval '10 seconds' * power(2, least(greatest(i.failures + given.counts - 1, 0), 20))))
              from (select ?::text as failure, ?::integer as counts, ?::timestamptz as now, ?::bigint as pause) as given
             where i.account = ?""";
    private static final String SET_ASIDE = """
            insert into unreadable_lines (id, account, stripe_id, problem, line) values (?, ?, ?, ?, ?)
            on conflict on constraint unreadable_lines_once do update set problem = excluded.problem, line = excluded.line""";
    private static final String TAKE_UNREADABLE = """
            update unreadable_lines set problem = problem
             where id in (select id from unreadable_lines where account = ? and stripe_id like 'txn\\_%' order by updated_at, id limit ?)
            returning stripe_id""";
    private static final String READ = "delete from unreadable_lines where account = ? and stripe_id = any (?::text[])";
    private static final String FIGURES = """
            select count(*) filter (where i.failures > 0) as failing, min(coalesce(i.imported_until, i.created_at)) as oldest,
                   min(coalesce(i.requested_at, i.next_at, i.created_at)) as due, min(i.compared_at) as compared
              from balance_imports i
             where not exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = i.account and c.deauthorized_at is not null)""";

    private final Rows rows;

    BalanceTransactions(DataSource database) {
        this.rows = new Rows(database);
    }

    /**
     * The progress of an account's import.
     *
     * @param importedUntil null before the first import has ended
     * @param resumeAfter the last balance transaction of a listing that was cut off
     */
    record Mark(@Nullable Instant importedUntil, @Nullable String resumeAfter) {
    }

    /** Adds marks for new accounts; one that was connected just now is watched closely. */
    void openMarks(Instant now) {
        rows.update(OPEN_MARKS, now);
    }

    void request(String account, Instant now) {
        rows.update(REQUEST, Ids.next(), account, now);
    }

    /**
     * The state of imports, of all accounts that Stripe still reports on.
     *
     * @param failing accounts whose last import failed
     * @param oldest the mark that is farthest behind; null without any
     * @param due the due time of the account that has waited longest, or is due first; null without any
     * @param compared the oldest comparison of an account with Stripe's balance; null without any
     */
    public record Figures(long failing, @Nullable Instant oldest, @Nullable Instant due, @Nullable Instant compared) {

        public static final Figures NONE = new Figures(0, null, null, null);
    }

    public Figures figures() {
        return rows.query(FIGURES, row -> new Figures(row.getLong("failing"), Rows.instantOrNull(row, "oldest"),
                Rows.instantOrNull(row, "due"), Rows.instantOrNull(row, "compared"))).get(0);
    }

    /** Stores a line that was not understood, and why. */
    void setAside(String account, UnreadableLine line) {
        rows.update(SET_ASIDE, Ids.next(), account, line.id(), line.problem(), line.text());
    }

    /** Lines that were set aside, the longest unread first; each has its next turn after the others. */
    List<String> takeUnreadable(String account, int most) {
        return rows.query(TAKE_UNREADABLE, row -> row.getString("stripe_id"), account, most);
    }

    List<String> due(Instant now, int most) {
        return rows.query(DUE, row -> row.getString("account"), now, most);
    }

    List<String> moved(int most) {
        return rows.query(MOVED, row -> row.getString("account"), most);
    }

    /** Begins an import of an account; null if it was replaced meanwhile. */
    @Nullable
    Mark begin(String account, Instant now) {
        List<Mark> begun = rows.query(BEGIN,
                row -> new Mark(Rows.instantOrNull(row, "imported_until"), row.getString("resume_after")), Ids.next(), account,
                now);
        return begun.isEmpty() ? null : begun.get(0);
    }

    /** Stores a page in one statement; a known line keeps its place, and takes over Stripe's date of availability. */
    void store(String account, List<StripeBalanceTransaction> page, Instant now) {
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
        if (changed > 0) {
            rows.update(MOVED_AT, now, account);
        }
    }

    void compared(String account) {
        rows.update(COMPARED, account);
    }

    void resumeAfter(String account, @Nullable String after) {
        rows.update(RESUME, after, account);
    }

    void end(String account, Instant now) {
        rows.update(END, now, account);
    }

    /**
     * Records a failure.
     *
     * @param counts false where it is not this account's fault, so that it is retried as soon as others are
     */
    void failed(String account, String outcome, boolean counts, Instant now) {
        rows.update(FAILED, outcome, counts ? 1 : 0, now, null, account);
    }

    /** Postpones an account because of Stripe's rate limit, as long as Stripe says. */
    void putOff(String account, StripeRefused.RateLimited limited, Instant now) {
        rows.update(FAILED, limited.outcome(), 0, now, limited.pause().toSeconds(), account);
    }

    private static Rows.Column column(String type, List<StripeBalanceTransaction> page,
            Function<StripeBalanceTransaction, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>();
        page.forEach(line -> values.add(value.apply(line)));
        return new Rows.Column(type, values);
    }
}
