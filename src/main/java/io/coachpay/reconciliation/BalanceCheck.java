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

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeBalances;
import io.coachpay.stripe.StripeRefused;

/**
 * Asks Stripe what accounts hold and compares that with the sum of what was imported, which proves the import complete.
 *
 * @see <a href="https://docs.stripe.com/api/balance/balance_object">Stripe: the balance object</a>
 */
@ApplicationScoped
class BalanceCheck {

    private static final Logger LOG = Logger.getLogger(BalanceCheck.class);
    private static final int MOST_ACCOUNTS = 500;
    private static final int BETWEEN_TOLD = 25;
    private static final int ONCE_MORE = 2;

    /** Those that differ, had movements since Stripe was last asked about them, or were not asked about for a day. */
    private static final String CHOSEN = """
            with moved as (
              select account, max(created_at) as at from stripe_balance_transactions
               where id >= id_from(now() - interval '25 hours') group by account)
            select i.account from balance_imports i left join moved on moved.account = i.account
             where i.imported_until is not null
               and (i.account = any (?::text[]) or moved.at > i.compared_at or i.compared_at is null
                    or i.compared_at < now() - interval '1 day')
               and not exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = i.account and c.deauthorized_at is not null)
             order by i.account = any (?::text[]) desc, i.compared_at nulls first limit ?""";
    private static final String DIFFERING = """
            select distinct account from reconciliation_findings where resolved_at is null and kind in ('imported', 'released', 'unreadable_balance')""";

    /**
     * What is held in reserve is still the platform's, where Stripe says so: then the lines that hold it back count for
     * nothing.
     */
    private static final String IMPORTED = """
            select b.currency, coalesce(sum(b.net) filter (where b.available_on <= given.now), 0) as available,
                   coalesce(sum(b.net) filter (where b.available_on > given.now), 0) as pending,
                   coalesce(sum(abs(b.net)) filter (where b.available_on between given.now - interval '1 day' and given.now), 0) as turning
              from (select ?::timestamptz as now) as given cross join stripe_balance_transactions b
             where b.account = ?
               and not (b.account = 'platform' and b.type in (select type from %s as known (side, type, fact) where fact = 'RESERVE'))
             group by b.currency"""
            .formatted(Fact.ROWS);
    private static final String COMPARED = "update balance_imports set compared_at = now() where account = ?";

    private final Access access;
    private final StripeBalances stripe;
    private final BalanceImports imports;
    private final Rows rows;
    private final Clock clock;

    BalanceCheck(Access access, StripeBalances stripe, BalanceImports imports, DataSource database, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.imports = imports;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    /** What was imported of an account in one currency; turning is what became available within the last day. */
    private record Figures(BigDecimal pending, BigDecimal available, BigDecimal turning) {

        static final Figures NOTHING = new Figures(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        BigDecimal total() {
            return pending.add(available);
        }
    }

    /**
     * What came of it.
     *
     * @param imported whether something was imported meanwhile: then all is to be compared again
     * @param compared the accounts that Stripe has told about; of the others nothing new is known
     */
    record Outcome(List<Found> found, boolean imported, Set<String> compared) {
    }

    /**
     * Compares a bounded number of accounts, most urgent first. No transaction may be open.
     *
     * @param differing accounts whose books differ, which are asked about in any case
     * @param progress told how many accounts have been compared
     */
    Outcome compare(Collection<String> differing, IntConsumer progress) {
        List<String> accounts = access.asService(() -> {
            Set<String> urgent = new TreeSet<>(differing);
            urgent.addAll(rows.query(DIFFERING, row -> row.getString("account")));
            Rows.Column column = new Rows.Column("text", List.copyOf(urgent));
            return rows.query(CHOSEN, row -> row.getString("account"), column, column, MOST_ACCOUNTS);
        });
        List<Found> found = new ArrayList<>();
        boolean imported = false;
        Set<String> compared = new HashSet<>();
        int asked = 0;
        for (String account : accounts) {
            try {
                Outcome outcome = compare(account);
                found.addAll(outcome.found());
                imported |= outcome.imported();
                compared.add(account);
            } catch (StripeAway | StripeRefused.RateLimited away) {
                LOG.warnf("Stripe does not tell what accounts hold: %s", away.getMessage());
                break;
            } catch (StripeRefused refused) {
                LOG.warnf("Stripe does not tell what %s holds: %s", account, refused.getMessage());
            } catch (RuntimeException broken) {
                // What cannot be understood of one account keeps no other from being compared.
                LOG.errorf(broken, "What %s holds could not be compared", account);
                found.add(new Found(Kind.UNREADABLE_BALANCE, account, "", null, null, null, null, Cause.UNKNOWN,
                        String.valueOf(broken.getMessage()), clock.instant(), null));
            }
            asked++;
            if (asked % BETWEEN_TOLD == 0 || asked == accounts.size()) {
                progress.accept(asked);
            }
        }
        return new Outcome(found, imported, compared);
    }

    /** What differs is imported once more first: it may just have come. Only time tells whether it has. */
    private Outcome compare(String account) {
        List<Found> found = difference(account);
        boolean imported = !found.isEmpty();
        for (int again = 0; again < ONCE_MORE && !found.isEmpty(); again++) {
            imports.importAccount(account);
            found = difference(account);
        }
        access.runAsService(() -> rows.update(COMPARED, account));
        return new Outcome(found, imported, Set.of(account));
    }

    private List<Found> difference(String account) {
        StripeBalance told = stripe.balance(account.equals(BalanceMirror.PLATFORM) ? null : account);
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
        List<Found> found = new ArrayList<>();
        for (String currency : currencies) {
            Figures theirs = new Figures(pending.getOrDefault(currency, BigDecimal.ZERO),
                    available.getOrDefault(currency, BigDecimal.ZERO), BigDecimal.ZERO);
            Found difference = difference(account, currency, ours.getOrDefault(currency, Figures.NOTHING), theirs, now);
            if (difference != null) {
                found.add(difference);
            }
        }
        return found;
    }

    /** Stripe may let funds go some hours later than the day it has named, so what turned today may still be pending there. */
    private static @Nullable Found difference(String account, String currency, Figures ours, Figures theirs, Instant now) {
        BigDecimal total = ours.total().subtract(theirs.total());
        if (total.signum() != 0) {
            return found(Kind.IMPORTED, account, currency, total, now);
        }
        BigDecimal available = ours.available.subtract(theirs.available);
        boolean turning = available.abs().compareTo(ours.turning) <= 0;
        return turning ? null : found(Kind.RELEASED, account, currency, available, now);
    }

    private static Found found(Kind kind, String account, String currency, BigDecimal amount, Instant now) {
        return new Found(kind, account, "", currency, amount, null, null, Cause.IN_FLIGHT, null, now, null);
    }

    private static Map<String, BigDecimal> sums(List<Money> amounts) {
        Map<String, BigDecimal> sums = new HashMap<>();
        amounts.forEach(amount -> sums.merge(amount.getCurrencyUnit().getCode(), amount.getAmount(), BigDecimal::add));
        return sums;
    }
}
