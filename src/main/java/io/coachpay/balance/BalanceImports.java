package io.coachpay.balance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.job.AccountSource;
import io.coachpay.job.Backoff;
import io.coachpay.job.Cursor;
import io.coachpay.job.Cursors;
import io.coachpay.job.Rhythm;
import io.coachpay.job.SideBySide;
import io.coachpay.job.StripeList;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeBalances;
import io.coachpay.stripe.StripePage;
import io.coachpay.stripe.StripeRefused;

/**
 * Imports the balance transactions of the platform and of every connected account. An import lists everything since its mark,
 * newest first. The mark moves when the listing has ended, and a listing that was cut off resumes at its last page.
 *
 * @see <a href="https://docs.stripe.com/api/balance_transactions/list">Stripe: list balance transactions</a>
 */
@ApplicationScoped
public class BalanceImports {

    private static final Logger LOG = Logger.getLogger(BalanceImports.class);
    private static final int PAGE = 100;
    /** After so many pages a listing continues at the job's next turn. */
    private static final int PAGES_AT_ONCE = 50;
    private static final int ACCOUNTS_AT_ONCE = 200;
    private static final int MOVED_AT_ONCE = 1000;
    private static final Duration OVERLAP = Duration.ofHours(1);
    /** More calls at once would exceed the budget. */
    private static final int AT_ONCE = 8;
    /** Lines that were set aside are read again with each import, so many at most. */
    private static final int ONCE_MORE = 20;
    /** The pauses after failures of an account's own. */
    private static final Backoff AFTER_FAILURE = Backoff.doubling(Duration.ofSeconds(10), Duration.ofHours(1));

    private static final String ACCOUNTS = """
            select 'platform' as account, null::uuid as owner_id union all select c.account, c.owner_id from (%s) as c""";
    /** The platform, and accounts whose books have moved since their import. */
    private static final String MOVED = """
            select a.account from (%s) as a
              left join stripe_cursors c on c.listing = 'balance_transactions' and c.account = a.account
             where a.account = 'platform' or exists (
                   select from ledger_accounts l where l.owner_id = a.owner_id and l.kind like 'coach%%'
                      and coalesce(l.updated_at > c.updated_at, true))
             order by a.account = 'platform' desc, c.updated_at nulls first limit ?""";

    private final Access access;
    private final BalanceTransactions mirror;
    private final StripeBalances stripe;
    private final Cursors cursors;
    private final Rows rows;
    private final String accounts;
    private final Clock clock;

    BalanceImports(Access access, BalanceTransactions mirror, StripeBalances stripe, DataSource database,
            AccountSource accounts, Clock clock) {
        this.access = access;
        this.mirror = mirror;
        this.stripe = stripe;
        this.cursors = new Cursors(database, StripeList.BALANCE_TRANSACTIONS);
        this.rows = new Rows(database);
        this.accounts = ACCOUNTS.formatted(accounts.query());
        this.clock = clock;
    }

    /**
     * Requests an early import of an account that has something new.
     *
     * @param account a connected one; null for the platform's own
     */
    @Transactional(TxType.MANDATORY)
    public void request(@Nullable String account) {
        cursors.request(account == null ? BalanceTransactions.PLATFORM : account, clock.instant());
    }

    /** Our sum of an account's lines has been compared with Stripe's balance, inside the running database transaction. */
    @Transactional(TxType.MANDATORY)
    public void compared(String account) {
        cursors.compared(account);
    }

    /** The state of imports, of all accounts that Stripe still reports on. Joins a database transaction. */
    public Cursors.Lateness lateness() {
        return cursors.lateness(accounts);
    }

    /** Imports the accounts that were requested, and each one in its {@link Rhythm}. */
    void importDue() {
        importEach(access.asService(() -> due(ACCOUNTS_AT_ONCE)));
    }

    /** Accounts that are to be imported now. Joins a database transaction. */
    List<String> due(int most) {
        return cursors.due(accounts, "false", row -> row.getString("account"), clock.instant(), most);
    }

    /** Imports the platform and a bounded number of accounts whose books have moved since their last import. */
    public void importMoved() {
        importEach(access.asService(
                () -> rows.query(MOVED.formatted(accounts), row -> row.getString("account"), MOVED_AT_ONCE)));
    }

    /** Imports accounts until Stripe is away, which would hold for the next ones too. */
    private void importEach(List<String> accounts) {
        SideBySide.run(accounts, AT_ONCE, this::importAccount);
    }

    /**
     * Imports everything new of one account. A refusal is recorded and retried, later each time; a line that is not understood
     * is set aside, and those after it are imported.
     *
     * @return false when Stripe is away
     */
    public boolean importAccount(String account) {
        Cursor cursor = access.asService(() -> cursors.begin(account, clock.instant()));
        if (cursor == null) {
            return true;
        }
        try {
            importPages(account, cursor);
        } catch (StripeAway.KeyRefused unheard) {
            LOG.debugf("Balance transactions of %s are listed later: %s", account, unheard.getMessage());
            return false;
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Balance transactions of %s are listed in %s: %s", account, limited.pause(), limited.getMessage());
            failed(account, limited.outcome(), false, limited.pause());
            return false;
        } catch (StripeRefused refused) {
            LOG.warnf("Balance transactions of %s could not be listed: %s", account, refused.getMessage());
            boolean away = refused instanceof StripeAway;
            failed(account, refused.outcome(), !away, AFTER_FAILURE.after(cursor.failures() + (away ? 0 : 1)));
            return !away;
        } catch (RuntimeException broken) {
            // A failure to store one account's lines does not stop the import of others.
            LOG.errorf(broken, "Balance transactions of %s could not be imported", account);
            failed(account, broken.getClass().getSimpleName(), true, AFTER_FAILURE.after(cursor.failures() + 1));
        }
        return true;
    }

    private void importPages(String account, Cursor cursor) {
        Instant since = cursor.listedUntil() == null ? Instant.EPOCH : cursor.listedUntil().minus(OVERLAP);
        String after = cursor.resumeAfter();
        for (int page = 0; page < PAGES_AT_ONCE; page++) {
            after = importPage(account, since, after);
            if (after == null) {
                readAgain(account);
                return;
            }
        }
    }

    private void failed(String account, String outcome, boolean counts, Duration pause) {
        Instant now = clock.instant();
        access.runAsService(() -> cursors.fail(account, outcome, counts, now, now.plus(pause)));
    }

    private @Nullable String importPage(String account, Instant since, @Nullable String after) {
        StripePage<JsonNode> page = stripe.transactions(atStripe(account), since, after, PAGE);
        access.runAsService(() -> {
            store(account, page.data());
            if (page.next() == null) {
                cursors.end(account, clock.instant());
            } else {
                cursors.advance(account, page.next());
            }
        });
        return page.next();
    }

    /** Reads again the lines that were set aside, which a later release may understand. */
    private void readAgain(String account) {
        for (String line : access.asService(() -> mirror.takeUnreadable(account, ONCE_MORE))) {
            try {
                JsonNode told = stripe.transaction(atStripe(account), line);
                access.runAsService(() -> store(account, List.of(told)));
            } catch (StripeAway | StripeRefused.RateLimited away) {
                return;
            } catch (StripeRefused refused) {
                LOG.warnf("%s of %s could not be read again: %s", line, account, refused.getMessage());
            }
        }
    }

    private void store(String account, List<JsonNode> lines) {
        boolean moved = mirror.store(account, UnreadableLine.read(lines, unreadable -> {
            LOG.errorf("%s of %s is not understood: %s", unreadable.id(), account, unreadable.problem());
            mirror.setAside(account, unreadable);
        }));
        if (moved) {
            cursors.moved(account, clock.instant());
        }
    }

    private static @Nullable String atStripe(String account) {
        return account.equals(BalanceTransactions.PLATFORM) ? null : account;
    }

    /**
     * Reads what Stripe holds in an account.
     *
     * @param account {@code acct_…}, or {@link BalanceTransactions#PLATFORM}
     */
    public StripeBalance balance(String account) {
        return stripe.balance(atStripe(account));
    }
}
