package io.coachpay.job;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;

/**
 * The cursors of one list at Stripe, one for each account: how far it was listed, where a listing that was cut off resumes, and
 * when the next one is due. The mark moves when a listing has ended, not before. All verbs join the database transaction of
 * their data source.
 * <p>
 * Two that list an account at once read the same twice: the first one to end moves the mark, and the other changes nothing.
 * A cursor of an account that was replaced is gone and stays so: verbs that would make one do nothing.
 */
public final class Cursors {

    /** Stands for the platform's own account. */
    public static final String PLATFORM = "platform";

    private static final String COLUMNS = "listed_until, resume_after, listing_from, types_left, moved_at, lines, failures, failure";
    /** The platform comes first: what is new there makes others due. While a listing fails, nothing makes it due earlier. */
    private static final String DUE = """
            select a.* from (%s) as a cross join (select ?::timestamptz as now) as given
              left join stripe_cursors c on c.listing = ? and c.account = a.account
             where coalesce(c.next_at <= given.now, true)
                or c.failure is null and (c.requested_at <= given.now or c.resume_after is not null or %s)
             order by a.account <> 'platform', c.requested_at nulls last, c.next_at nulls first limit ?""";
    private static final String FIND = "select %s from stripe_cursors where listing = ? and account = ?".formatted(COLUMNS);
    private static final String BEGIN = """
            insert into stripe_cursors as c (id, listing, account, listed_until, listing_from, types_left)
            values (?, ?, ?, ?, ?, ?::text[])
            on conflict (listing, account) do update
               set listed_until = coalesce(c.listed_until, excluded.listed_until),
                   listing_from = case when c.resume_after is null and c.types_left is null then excluded.listing_from
                                       else c.listing_from end,
                   types_left = coalesce(c.types_left, excluded.types_left)
            returning %s""".formatted(COLUMNS);
    private static final String REQUEST = """
            insert into stripe_cursors (id, listing, account, requested_at) values (?, ?, ?, ?)
            on conflict (listing, account) do update set requested_at = excluded.requested_at""";
    private static final String ADVANCE = """
            update stripe_cursors set types_left = ?::text[], resume_after = ?, moved_at = greatest(moved_at, ?)
             where listing = ? and account = ? and listing_from is not null""";
    private static final String MOVED = """
            update stripe_cursors set moved_at = greatest(moved_at, ?) where listing = ? and account = ?""";
    /** A listing that was cut off sees nothing newer than its beginning, so a later request stays for the next one. */
    private static final String END = """
            update stripe_cursors c
               set listed_until = c.listing_from, listing_from = null, resume_after = null, types_left = null, failure = null,
                   failures = 0, failed_since = null, lines = coalesce(given.lines, c.lines),
                   requested_at = case when c.requested_at >= c.listing_from then c.requested_at end,
                   moved_at = coalesce(greatest(c.moved_at, given.moved), given.now), next_at = greatest(given.earliest, %s)
              from (select ?::timestamptz as moved, ?::bigint as lines, ?::timestamptz as earliest, ?::timestamptz as now) as given
             where c.listing = ? and c.account = ? and c.listing_from is not null"""
            .formatted(Rhythm.next("coalesce(greatest(c.moved_at, given.moved), given.now)", "given.now"));
    private static final String FAIL = """
            update stripe_cursors set failure = ?, failures = failures + ?, failed_since = coalesce(failed_since, ?), next_at = ?
             where listing = ? and account = ?""";
    private static final String COMPARED = "update stripe_cursors set compared_at = now() where listing = ? and account = ?";
    private static final String LATENESS = """
            select min(coalesce(c.listed_until, c.created_at)) as oldest,
                   min(coalesce(c.requested_at, c.next_at, c.listed_until, c.created_at)) as due,
                   count(*) filter (where c.failures > 0) as failing, min(c.compared_at) as compared
              from (%s) as a join stripe_cursors c on c.listing = ? and c.account = a.account""";

    private final Rows rows;
    private final String listing;

    public Cursors(DataSource database, StripeList list) {
        this.rows = new Rows(database);
        this.listing = list.code();
    }

    /**
     * The state of a list over several accounts, without those that were never begun.
     *
     * @param oldest the mark that is farthest behind; null without any
     * @param due the due time of the account that has waited longest, or is due first; null without any
     * @param failing accounts whose last listing failed
     * @param compared the oldest comparison with Stripe's balance; null without any
     */
    public record Lateness(@Nullable Instant oldest, @Nullable Instant due, long failing, @Nullable Instant compared) {

        public static final Lateness NONE = new Lateness(null, null, 0, null);
    }

    /**
     * Accounts that are to be listed now, the platform and those asked for first.
     *
     * @param accounts a query for the accounts, in SQL; its column {@code account} is {@link #PLATFORM} or Stripe's id
     * @param stirred a condition in SQL by which a resting account is due early: {@code a} is a row of that query, {@code c} is
     *        its cursor, {@code given.now} this moment
     * @param reader reads a row of the query
     * @param values for the question marks of the query
     */
    public <T> List<T> due(String accounts, String stirred, Rows.Reader<T> reader, Instant now, int most,
            @Nullable Object... values) {
        return rows.query(DUE.formatted(accounts, stirred), reader,
                Stream.concat(Stream.of(values), Stream.of(now, listing, most)).toArray());
    }

    /** The state of a list over the accounts of a query, as {@link #due} takes one. */
    public Lateness lateness(String accounts) {
        return rows.query(LATENESS.formatted(accounts), row -> new Lateness(Rows.instantOrNull(row, "oldest"),
                Rows.instantOrNull(row, "due"), row.getLong("failing"), Rows.instantOrNull(row, "compared")), listing).get(0);
    }

    /** The account's cursor; null when it has none. */
    public @Nullable Cursor find(String account) {
        return first(rows.query(FIND, Cursor::read, listing, account));
    }

    /**
     * Begins a listing of all there is since the mark, or resumes the one that was cut off; null if the account was replaced.
     */
    public @Nullable Cursor begin(String account, Instant now) {
        return begin(account, null, now, null);
    }

    /**
     * Begins a listing, or resumes the one that was cut off, with its types.
     *
     * @param since the mark if the account has none yet; null for none
     * @param types the types of events to list; null for lists that have none
     * @return null if the account was replaced
     */
    public @Nullable Cursor begin(String account, @Nullable Instant since, Instant now, @Nullable List<String> types) {
        return first(rows.query(BEGIN, Cursor::read, Ids.next(), listing, account, since, now, column(types)));
    }

    /** Asks for a listing before the account is due again. */
    public void request(String account, Instant now) {
        rows.update(REQUEST, Ids.next(), listing, account, now);
    }

    /** Records that a page has been stored: a listing that is cut off resumes after its last object. */
    public void advance(String account, String resumeAfter) {
        advance(account, null, resumeAfter, null);
    }

    /**
     * Records that a page has been stored.
     *
     * @param resumeAfter the last object of the page; null for the beginning of the types left
     * @param moved when the newest object appeared; null when there was none
     */
    public void advance(String account, @Nullable List<String> typesLeft, @Nullable String resumeAfter,
            @Nullable Instant moved) {
        rows.update(ADVANCE, column(typesLeft), resumeAfter, moved, listing, account);
    }

    /** Records that something new has appeared: the account is listed more often. */
    public void moved(String account, Instant at) {
        rows.update(MOVED, at, listing, account);
    }

    /** Ends a listing; the next one is due in the account's {@link Rhythm}. */
    public void end(String account, Instant now) {
        end(account, null, null, null, now);
    }

    /**
     * Ends a listing, and only now moves the mark. The platform always has something new, and an account that is listed for the
     * first time counts as moving.
     *
     * @param moved when the newest object appeared, or the books were seen to move; null for neither
     * @param lines how many entries the ledger has about the account; null where nobody counts
     * @param earliest the next listing is not due before; null for whenever the {@link Rhythm} says
     */
    public void end(String account, @Nullable Instant moved, @Nullable Long lines, @Nullable Instant earliest, Instant now) {
        rows.update(END, account.equals(PLATFORM) ? now : moved, lines, earliest, now, listing, account);
    }

    /**
     * Records that a listing has failed; it resumes where it was, and no request brings that forward.
     *
     * @param counts false where it is not the account's fault
     */
    public void fail(String account, String failure, boolean counts, Instant now, Instant next) {
        rows.update(FAIL, failure, counts ? 1 : 0, now, next, listing, account);
    }

    /** Records that what was listed has been compared with Stripe's balance, by the database's time. */
    public void compared(String account) {
        rows.update(COMPARED, listing, account);
    }

    private static @Nullable Cursor first(List<Cursor> found) {
        return found.isEmpty() ? null : found.get(0);
    }

    private static Rows.@Nullable Column column(@Nullable List<String> texts) {
        return texts == null ? null : new Rows.Column("text", texts);
    }
}
