package io.coachpay.inbox;

import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.job.AccountSource;
import io.coachpay.job.Cursor;
import io.coachpay.job.Cursors;
import io.coachpay.job.StripeList;

/** Says whose events are listed when, and keeps how far they have been. */
@ApplicationScoped
class EventCursors {

    /** Accounts whose events concern us, with the number of entries in their coach's books. */
    private static final String ACCOUNTS = """
            select 'platform' as account, null::timestamptz as known_since, 0::bigint as entries
            union all
            select c.account, c.known_since, coalesce(b.lines, 0)
              from (%s) as c
              left join (select owner_id, sum(lines)::bigint as lines from ledger_accounts where owner_id is not null
                          group by owner_id) as b on b.owner_id = c.owner_id""";
    /** An account whose books have moved since. */
    private static final String STIRRED = "c.lines <> a.entries and c.listed_until <= given.now - interval '1 hour'";

    private final Cursors cursors;
    private final AccountSource accounts;

    EventCursors(@io.quarkus.agroal.DataSource("service") DataSource service, AccountSource accounts) {
        this.cursors = new Cursors(service, StripeList.EVENTS);
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
            return name.equals(Cursors.PLATFORM);
        }
    }

    /** Accounts whose events are to be listed now: their time has come, or their coach's books have moved since. */
    List<Account> due(Instant now, int most) {
        return cursors.due(ACCOUNTS.formatted(accounts.query()), STIRRED,
                row -> new Account(row.getString("account"), Rows.instantOrNull(row, "known_since"), row.getLong("entries")),
                now, most);
    }

    /** The account's cursor; null when it has never been listed. */
    @Nullable
    Cursor find(Account account) {
        return cursors.find(account.name());
    }

    /**
     * Begins a listing of these types, or resumes the one under way. Before the platform's first listing there was no service,
     * and before a connected account's row no account.
     *
     * @return null if the account was replaced
     */
    @Nullable
    Cursor begin(Account account, List<String> types, Instant now) {
        return cursors.begin(account.name(), account.knownSince() == null ? now : account.knownSince(), now, types);
    }

    /**
     * Records that a page has been stored; an interrupted listing resumes here.
     *
     * @param next where in the list of the first types left; null for its beginning
     * @param moved when the newest event seen happened; null when there was none
     */
    void advance(Account account, List<String> typesLeft, @Nullable String next, @Nullable Instant moved) {
        cursors.advance(account.name(), typesLeft, next, moved);
    }

    /**
     * Ends a listing, and only now moves the mark.
     *
     * @param moved when the newest event happened, or the books were seen to move; null for neither
     */
    void end(Account account, @Nullable Instant moved, Instant now) {
        cursors.end(account.name(), moved, account.lines(), null, now);
    }

    void fail(Account account, String failure, Instant now, Instant next) {
        cursors.fail(account.name(), failure, true, now, next);
    }
}
