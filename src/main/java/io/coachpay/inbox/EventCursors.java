package io.coachpay.inbox;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.AccountSource;
import io.coachpay.job.Rhythm;

/** Stores how far each account's events have been listed, and when they are listed next. */
@ApplicationScoped
class EventCursors {

    /** Accounts whose events concern us, with their marks. The platform first: its events make the others due. */
    private static final String DUE = """
            select a.account, a.known_since, a.lines from
            (select 'platform' as account, null::timestamptz as known_since, 0::bigint as lines
             union all
             select c.account, c.known_since, coalesce(b.lines, 0)
               from (%s) as c
               left join (select owner_id, sum(lines)::bigint as lines from ledger_accounts where owner_id is not null
                           group by owner_id) as b on b.owner_id = c.owner_id) as a
             left join event_marks m on m.account = a.account
            where coalesce(m.next_at <= ?, true)
               or m.failures = 0 and m.lines <> a.lines and m.listed_until <= ?::timestamptz - interval '1 hour'
            order by a.account <> 'platform', m.next_at nulls first limit ?""";
    private static final String MARK = """
            select listed_until, resume_after, listing_from, types_left, moved_at, lines, failures, failure
              from event_marks where account = ?""";
    private static final String BEGIN = """
            insert into event_marks (id, account, listed_until, listing_from, types_left) values (?, ?, ?, ?, ?::text[])
            on conflict (account) do update
              set listing_from = excluded.listing_from, types_left = excluded.types_left, resume_after = null""";
    private static final String ADVANCE = """
            update event_marks set types_left = ?::text[], resume_after = ?, moved_at = greatest(moved_at, ?) where account = ?""";
    /** When two list an account at once, the first one to end moves the mark; the other finds nothing left to do. */
    private static final String END = """
            update event_marks m
               set listed_until = m.listing_from, listing_from = null, resume_after = null, types_left = null, failure = null,
                   failures = 0, lines = given.lines, moved_at = greatest(m.moved_at, given.moved), next_at = %s
              from (select ?::timestamptz as moved, ?::bigint as lines, ?::timestamptz as now) as given
             where m.account = ? and m.listing_from is not null"""
            .formatted(Rhythm.next("coalesce(greatest(m.moved_at, given.moved), given.now)", "given.now"));
    private static final String FAIL = """
            update event_marks set failure = ?, failures = failures + 1, next_at = ? where account = ?""";

    private final Rows rows;
    private final AccountSource accounts;

    EventCursors(@io.quarkus.agroal.DataSource("service") DataSource service, AccountSource accounts) {
        this.rows = new Rows(service);
        this.accounts = accounts;
    }

    /**
     * An account to list.
     *
     * @param name {@code platform} or the connected account's id
     * @param knownSince when a connected account's row was made; null for the platform
     * @param lines how many entries its coach's accounts in the ledger have
     */
    record Account(String name, @Nullable Instant knownSince, long lines) {

        @Nullable
        String stripeAccount() {
            return isPlatform() ? null : name;
        }

        Endpoint endpoint() {
            return isPlatform() ? Endpoint.PLATFORM : Endpoint.CONNECT;
        }

        boolean isPlatform() {
            return name.equals(Arrival.PLATFORM);
        }
    }

    /**
     * The state of an account's listing.
     *
     * @param listedUntil the mark: everything created before has been listed
     * @param resumeAfter where a listing under way resumes; null before the first page of its types
     * @param listingFrom when the listing under way began, which is the next mark; null when none is
     * @param typesLeft the types still to list; null when none is under way
     * @param movedAt when the newest listed event happened, or the books moved; null for never
     * @param lines how many entries the ledger had about it at the last listing; null before
     * @param failures in a row
     * @param failure why the last listing stopped; null when it did not
     */
    record Mark(Instant listedUntil, @Nullable String resumeAfter, @Nullable Instant listingFrom,
            @Nullable List<String> typesLeft, @Nullable Instant movedAt, @Nullable Long lines, int failures,
            @Nullable String failure) {

        private static Mark read(ResultSet row) throws SQLException {
            Array left = row.getArray("types_left");
            return new Mark(Rows.instant(row, "listed_until"), row.getString("resume_after"),
                    Rows.instantOrNull(row, "listing_from"), left == null ? null : List.of((String[]) left.getArray()),
                    Rows.instantOrNull(row, "moved_at"), row.getObject("lines", Long.class), row.getInt("failures"),
                    row.getString("failure"));
        }
    }

    /** Accounts whose events are to be listed now: their time has come, or their coach's books have moved since. */
    List<Account> due(Instant now, int most) {
        return rows.query(DUE.formatted(accounts.query()),
                row -> new Account(row.getString("account"), Rows.instantOrNull(row, "known_since"),
                        row.getLong("lines")),
                now, now, most);
    }

    /** The account's mark; null when it has never been listed. */
    @Nullable
    Mark find(Account account) {
        List<Mark> found = rows.query(MARK, Mark::read, account.name());
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * Begins a listing.
     *
     * @param since its mark if the account has none yet
     */
    void begin(Account account, Instant since, Instant now, List<String> types) {
        rows.update(BEGIN, Ids.next(), account.name(), since, now, new Rows.Column("text", types));
    }

    /**
     * Records that a page has been stored; an interrupted listing resumes here.
     *
     * @param next where in the list of the first types left; null for its beginning
     * @param moved when the newest event seen happened; null when there was none
     */
    void advance(Account account, List<String> typesLeft, @Nullable String next, @Nullable Instant moved) {
        rows.update(ADVANCE, new Rows.Column("text", typesLeft), next, moved, account.name());
    }

    /**
     * Ends a listing, and only now moves the mark.
     *
     * @param moved when the newest event happened, or the books were seen to move; null for neither
     */
    void end(Account account, @Nullable Instant moved, Instant now) {
        rows.update(END, moved, account.lines(), now, account.name());
    }

    void fail(Account account, String failure, Instant next) {
        rows.update(FAIL, failure, next, account.name());
    }
}
