package io.coachpay.balance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.access.Access;
import io.coachpay.job.Rhythm;
import io.coachpay.job.SideBySide;
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

    private final Access access;
    private final BalanceTransactions mirror;
    private final StripeBalances stripe;
    private final Clock clock;

    BalanceImports(Access access, BalanceTransactions mirror, StripeBalances stripe, Clock clock) {
        this.access = access;
        this.mirror = mirror;
        this.stripe = stripe;
        this.clock = clock;
    }

    /**
     * Requests an early import of an account that has something new.
     *
     * @param account a connected one; null for the platform's own
     */
    @Transactional(TxType.MANDATORY)
    public void request(@Nullable String account) {
        mirror.request(account == null ? BalanceTransactions.PLATFORM : account, clock.instant());
    }

    /** Our sum of an account's lines has been compared with Stripe's balance, inside the running database transaction. */
    @Transactional(TxType.MANDATORY)
    public void compared(String account) {
        mirror.compared(account);
    }

    /** Imports the accounts that were requested, and each one in its {@link Rhythm}. */
    void importDue() {
        List<String> due = access.asService(() -> {
            mirror.openMarks(clock.instant());
            return mirror.due(clock.instant(), ACCOUNTS_AT_ONCE);
        });
        importEach(due);
    }

    /** Imports the platform and a bounded number of accounts whose books have moved since their last import. */
    public void importMoved() {
        List<String> moved = access.asService(() -> {
            mirror.openMarks(clock.instant());
            return mirror.moved(MOVED_AT_ONCE);
        });
        importEach(moved);
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
        try {
            BalanceTransactions.Mark mark = access.asService(() -> mirror.begin(account, clock.instant()));
            if (mark == null) {
                return true;
            }
            Instant since = mark.importedUntil() == null ? Instant.EPOCH : mark.importedUntil().minus(OVERLAP);
            String after = mark.resumeAfter();
            for (int page = 0; page < PAGES_AT_ONCE; page++) {
                after = importPage(account, since, after);
                if (after == null) {
                    readAgain(account);
                    return true;
                }
            }
        } catch (StripeAway.KeyRefused unheard) {
            LOG.debugf("Balance transactions of %s are listed later: %s", account, unheard.getMessage());
            return false;
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Balance transactions of %s are listed in %s: %s", account, limited.pause(), limited.getMessage());
            access.runAsService(() -> mirror.putOff(account, limited, clock.instant()));
            return false;
        } catch (StripeRefused refused) {
            LOG.warnf("Balance transactions of %s could not be listed: %s", account, refused.getMessage());
            boolean away = refused instanceof StripeAway;
            access.runAsService(() -> mirror.failed(account, refused.outcome(), !away, clock.instant()));
            return !away;
        } catch (RuntimeException broken) {
            // A failure to store one account's lines does not stop the import of others.
            LOG.errorf(broken, "Balance transactions of %s could not be imported", account);
            access.runAsService(() -> mirror.failed(account, broken.getClass().getSimpleName(), true, clock.instant()));
        }
        return true;
    }

    private @Nullable String importPage(String account, Instant since, @Nullable String after) {
        StripePage<JsonNode> page = stripe.transactions(atStripe(account), since, after, PAGE);
        access.runAsService(() -> {
            store(account, page.data());
            if (page.next() == null) {
                mirror.end(account, clock.instant());
            } else {
                mirror.resumeAfter(account, page.next());
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
        mirror.store(account, UnreadableLine.read(lines, unreadable -> {
            LOG.errorf("%s of %s is not understood: %s", unreadable.id(), account, unreadable.problem());
            mirror.setAside(account, unreadable);
        }), clock.instant());
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
