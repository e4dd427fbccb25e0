package io.coachpay.inbox;

import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;

/** How far each account's events have been listed. */
@ApplicationScoped
class EventMarks {

    private static final String ACCOUNTS = """
            select 'platform' as account, null::timestamptz as known_since
            union all
            select stripe_account_id, created_at from stripe_connected_accounts
             where stripe_account_id is not null and deauthorized_at is null
            order by 1""";
    private static final String MARK = "select listed_until, resume_after, listing_from, failure from event_marks where account = ?";
    private static final String BEGIN = """
            insert into event_marks (id, account, listed_until, listing_from) values (?, ?, ?, ?)
            on conflict (account) do update set listing_from = excluded.listing_from, resume_after = null""";
    private static final String ADVANCE = "update event_marks set resume_after = ? where account = ?";
    /** Of two who list an account at once the first one to end moves the mark; the other finds nothing left to do. */
    private static final String END = """
            update event_marks set listed_until = listing_from, listing_from = null, resume_after = null, failure = null
             where account = ? and listing_from is not null""";
    private static final String FAIL = "update event_marks set failure = ? where account = ?";

    private final Rows rows;

    EventMarks(@io.quarkus.agroal.DataSource("service") DataSource service) {
        this.rows = new Rows(service);
    }

    /**
     * An account to list.
     *
     * @param name {@code platform} or the connected account's id
     * @param knownSince when a connected account's row was made; null for the platform
     */
    record Account(String name, @Nullable Instant knownSince) {

        @Nullable
        String stripeAccount() {
            return name.equals(Arrival.PLATFORM) ? null : name;
        }

        Endpoint endpoint() {
            return name.equals(Arrival.PLATFORM) ? Endpoint.PLATFORM : Endpoint.CONNECT;
        }
    }

    /**
     * Where an account's listing stands.
     *
     * @param listedUntil the mark: all that was created before has been listed
     * @param resumeAfter where a listing under way goes on; null before its first page
     * @param listingFrom when the listing under way began, which is the next mark; null when none is
     * @param failure why the last one stopped; null when it did not
     */
    record Mark(Instant listedUntil, @Nullable String resumeAfter, @Nullable Instant listingFrom, @Nullable String failure) {
    }

    /** All accounts whose events concern us. */
    List<Account> accounts() {
        return rows.query(ACCOUNTS, row -> new Account(row.getString("account"), Rows.instantOrNull(row, "known_since")));
    }

    /** The account's mark; null when it has never been listed. */
    @Nullable
    Mark find(Account account) {
        List<Mark> found = rows.query(MARK, row -> new Mark(Rows.instant(row, "listed_until"), row.getString("resume_after"),
                Rows.instantOrNull(row, "listing_from"), row.getString("failure")), account.name());
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * A listing begins.
     *
     * @param since its mark if the account has none yet
     */
    void begin(Account account, Instant since, Instant now) {
        rows.update(BEGIN, Ids.next(), account.name(), since, now);
    }

    /** A page has been stored; a listing that is interrupted goes on from here. */
    void advance(Account account, String next) {
        rows.update(ADVANCE, next, account.name());
    }

    /** The listing has ended, and only now the mark moves. */
    void end(Account account) {
        rows.update(END, account.name());
    }

    void fail(Account account, String failure) {
        rows.update(FAIL, failure, account.name());
    }
}
