package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.balance.BalanceImports;
import io.coachpay.job.SideBySide;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeRefused;

/**
 * Compares each account's balance at Stripe with the sum of its imported lines, which proves the import complete.
 *
 * @see <a href="https://docs.stripe.com/api/balance/balance_object">Stripe: the balance object</a>
 */
@ApplicationScoped
class ImportCompleteness {

    private static final Logger LOG = Logger.getLogger(ImportCompleteness.class);
    private static final int MOST_ACCOUNTS = 2000;
    /** More calls at once would exceed the budget. */
    private static final int AT_ONCE = 8;
    private static final int BETWEEN_TOLD = 25;
    private static final int ONCE_MORE = 2;

    /**
     * Accounts that differ, had movements since Stripe was last asked about them, or were not asked about for a day; for a
     * week, where nothing has moved for a month.
     */
    private static final String CHOSEN = """
            with moved as (
              select account, max(created_at) as at from stripe_balance_transactions
               where id >= id_from(now() - interval '25 hours') group by account)
            select i.account from stripe_cursors i left join moved on moved.account = i.account
             where i.listing = 'balance_transactions' and i.listed_until is not null
               and (i.account = any (?::text[]) or moved.at > i.compared_at or i.compared_at is null
                    or i.compared_at < now() - case when i.account = 'platform' or i.moved_at > ?::timestamptz - interval '30 days'
                                                    then interval '1 day' else interval '7 days' end)
               and not exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = i.account and c.deauthorized_at is not null)
             order by i.account = any (?::text[]) desc, i.compared_at nulls first limit ?""";
    private static final String DIFFERING = """
            select distinct account from reconciliation_findings where resolved_at is null and kind in ('imported', 'released', 'unreadable_balance')""";

    /**
     * The import is kept as a sum; only future and recent lines are added up. Reserved money is still the platform's, where
     * Stripe says so: then the lines that reserve it count for nothing.
     */
    private static final String IMPORTED = """
            with given as materialized (select ?::timestamptz as now, ?::text as account),
            lately as (
              select b.currency, sum(b.net) filter (where b.available_on > given.now) as pending,
                     sum(abs(b.net)) filter (where b.available_on <= given.now) as turning
                from given join stripe_balance_transactions b
                  on b.account = given.account and b.available_on >= given.now - interval '1 day'
               where not (b.account = 'platform' and b.ignored) group by b.currency)
            select t.currency, t.net - coalesce(l.pending, 0) as available, coalesce(l.pending, 0) as pending,
                   coalesce(l.turning, 0) as turning
              from given join balance_import_totals t on t.account = given.account
              left join lately l on l.currency = t.currency""";

    private final Access access;
    private final BalanceImports imports;
    private final Rows rows;
    private final Clock clock;

    ImportCompleteness(Access access, BalanceImports imports, DataSource database, Clock clock) {
        this.access = access;
        this.imports = imports;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    /** The imported sums of an account in one currency; turning is the part that became available within the last day. */
    private record Figures(BigDecimal pending, BigDecimal available, BigDecimal turning) {

        static final Figures NOTHING = new Figures(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        BigDecimal total() {
            return pending.add(available);
        }
    }

    /**
     * The result.
     *
     * @param imported whether lines were imported meanwhile: then all is compared again
     * @param compared the accounts whose balance Stripe has reported; nothing new is known of the others
     */
    record Outcome(List<Discrepancy> found, boolean imported, Set<String> compared) {
    }

    /**
     * Compares a bounded number of accounts, most urgent first. No database transaction may be open.
     *
     * @param differing accounts whose books differ, which are asked about in any case
     * @param progress receives the number of accounts compared
     */
    Outcome compare(Collection<String> differing, IntConsumer progress) {
        List<String> accounts = access.asService(() -> {
            Set<String> urgent = new TreeSet<>(differing);
            urgent.addAll(rows.query(DIFFERING, row -> row.getString("account")));
            Rows.Column column = new Rows.Column("text", List.copyOf(urgent));
            return rows.query(CHOSEN, row -> row.getString("account"), column, clock.instant(), column, MOST_ACCOUNTS);
        });
        Answers answers = new Answers(accounts.size(), progress);
        SideBySide.run(accounts, AT_ONCE, account -> answers.take(account, () -> compare(account)));
        return answers.outcome();
    }

    /** The results so far, from several threads. */
    private final class Answers {

        private final int accounts;
        private final IntConsumer progress;
        private final List<Discrepancy> found = new ArrayList<>();
        private final Set<String> compared = new HashSet<>();
        private boolean imported;
        private int done;

        Answers(int accounts, IntConsumer progress) {
            this.accounts = accounts;
            this.progress = progress;
        }

        /** @return false when Stripe is away: no other account is asked about */
        boolean take(String account, Supplier<Outcome> comparing) {
            try {
                Outcome outcome = comparing.get();
                add(outcome.found(), outcome.imported(), outcome.compared());
            } catch (StripeAway | StripeRefused.RateLimited away) {
                LOG.warnf("Stripe does not report the balances of accounts: %s", away.getMessage());
                return false;
            } catch (StripeRefused refused) {
                LOG.warnf("Stripe does not report the balance of %s: %s", account, refused.getMessage());
                asked(account);
                add(List.of(), false, Set.of());
            } catch (RuntimeException broken) {
                // An account that is not understood does not keep the others from being compared.
                LOG.errorf(broken, "The balance of %s could not be compared", account);
                asked(account);
                add(List.of(new Discrepancy(Kind.UNREADABLE_BALANCE, account, "", null, null, null, null, Cause.UNKNOWN,
                        String.valueOf(broken.getMessage()), clock.instant(), null)), false, Set.of());
            }
            return true;
        }

        private synchronized void add(List<Discrepancy> differences, boolean hasImported, Set<String> told) {
            found.addAll(differences);
            imported |= hasImported;
            compared.addAll(told);
            done++;
            if (done % BETWEEN_TOLD == 0 || done == accounts) {
                progress.accept(done);
            }
        }

        synchronized Outcome outcome() {
            return new Outcome(List.copyOf(found), imported, Set.copyOf(compared));
        }
    }

    /** Imports a differing account once more first: the line may just have come. Only a later run knows whether it has. */
    private Outcome compare(String account) {
        List<Discrepancy> found = difference(account);
        boolean imported = !found.isEmpty();
        for (int again = 0; again < ONCE_MORE && !found.isEmpty(); again++) {
            imports.importAccount(account);
            found = difference(account);
        }
        asked(account);
        return new Outcome(found, imported, Set.of(account));
    }

    /** Moves the account's turn behind the others'. */
    private void asked(String account) {
        access.runAsService(() -> imports.compared(account));
    }

    private List<Discrepancy> difference(String account) {
        StripeBalance told = imports.balance(account);
        Instant now = clock.instant();
        Map<String, Figures> ours = new HashMap<>();
        access.runAsService(() -> rows.query(IMPORTED, row -> ours.put(row.getString("currency"),
                new Figures(row.getBigDecimal("pending"), row.getBigDecimal("available"), row.getBigDecimal("turning"))), now,
                account));
        Map<String, BigDecimal> pending = sums(told.pending());
        Map<String, BigDecimal> available = sums(told.available());
        sums(told.connectReserved()).forEach((currency, amount) -> available.merge(currency, amount, BigDecimal::add));
        Set<String> currencies = new TreeSet<>(ours.keySet());
        currencies.addAll(pending.keySet());
        currencies.addAll(available.keySet());
        List<Discrepancy> found = new ArrayList<>();
        for (String currency : currencies) {
            Figures theirs = new Figures(pending.getOrDefault(currency, BigDecimal.ZERO),
                    available.getOrDefault(currency, BigDecimal.ZERO), BigDecimal.ZERO);
            Discrepancy difference = difference(account, currency, ours.getOrDefault(currency, Figures.NOTHING), theirs, now);
            if (difference != null) {
                found.add(difference);
            }
        }
        return found;
    }

    /** Stripe may release funds some hours later than the day it has named, so today's may still be pending there. */
    private static @Nullable Discrepancy difference(String account, String currency, Figures ours, Figures theirs,
            Instant now) {
        BigDecimal total = ours.total().subtract(theirs.total());
        if (total.signum() != 0) {
            return found(Kind.IMPORTED, account, currency, total, now);
        }
        BigDecimal available = ours.available.subtract(theirs.available);
        boolean turning = available.abs().compareTo(ours.turning) <= 0;
        return turning ? null : found(Kind.RELEASED, account, currency, available, now);
    }

    private static Discrepancy found(Kind kind, String account, String currency, BigDecimal amount, Instant now) {
        return new Discrepancy(kind, account, "", currency, amount, null, null, Cause.IN_FLIGHT, null, now, null);
    }

    private static Map<String, BigDecimal> sums(List<Money> amounts) {
        Map<String, BigDecimal> sums = new HashMap<>();
        amounts.forEach(amount -> sums.merge(amount.getCurrencyUnit().getCode(), amount.getAmount(), BigDecimal::add));
        return sums;
    }
}
