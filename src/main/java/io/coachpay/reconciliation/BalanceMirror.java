package io.coachpay.reconciliation;

import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeBalanceTransaction;

/** The tables of the import: the mirrored balance transactions, and a mark for each account. All verbs join a transaction. */
@ApplicationScoped
class BalanceMirror {

    /** What stands for the platform's own account in the tables. */
    static final String PLATFORM = "platform";

    private static final String OPEN_MARKS = """
            insert into balance_imports (id, account)
            select gen_random_uuid(), account from (
                   select stripe_account_id as account from stripe_connected_accounts
                    where stripe_account_id is not null and deauthorized_at is null
                   union all select 'platform') as known
             where not exists (select from balance_imports i where i.account = known.account)
            on conflict (account) do nothing""";
    private static final String REQUEST = """
            insert into balance_imports (id, account, requested_at) values (?1, ?2, ?3)
            on conflict (account) do update set requested_at = excluded.requested_at""";
    private static final String DUE = """
            select account from balance_imports
             where requested_at is not null or resume_after is not null or imported_until is null or imported_until < ?1
             order by requested_at nulls last, imported_until nulls first""";
    /**
     * Who goes on with a listing that was cut off sees nothing newer than its beginning, so a request stays for the next one.
     */
    private static final String BEGIN = """
            insert into balance_imports as mark (id, account, listing_from) values (gen_random_uuid(), ?1, ?2)
            on conflict (account) do update
               set requested_at = case when mark.resume_after is null then null else mark.requested_at end,
                   listing_from = case when mark.resume_after is null then ?2 else mark.listing_from end
            returning imported_until, resume_after""";
    private static final String STORE = """
            insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, reporting_category, source,
                   amount, fee, net, currency, created, available_on)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            on conflict on constraint stripe_balance_transactions_once do update
               set available_on = excluded.available_on
             where stripe_balance_transactions.available_on <> excluded.available_on
               and stripe_balance_transactions.journal_id is null""";
    private static final String RESUME = "update balance_imports set resume_after = ?2 where account = ?1";
    private static final String END = """
            update balance_imports set imported_until = listing_from, resume_after = null, failure = null where account = ?1""";
    private static final String FAILED = """
            update balance_imports set failure = ?2, requested_at = coalesce(requested_at, ?3) where account = ?1""";

    private final EntityManager entities;

    BalanceMirror(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * How far an account has been imported.
     *
     * @param importedUntil null before the first import has ended
     * @param resumeAfter the last balance transaction of a listing that was cut off
     */
    record Mark(@Nullable Instant importedUntil, @Nullable String resumeAfter) {
    }

    void openMarks() {
        query(OPEN_MARKS).executeUpdate();
    }

    void request(String account, Instant now) {
        query(REQUEST, Ids.next(), account, now).executeUpdate();
    }

    List<String> due(Instant importedBefore, int most) {
        return query(DUE, importedBefore).setMaxResults(most).getResultList().stream().map(String.class::cast).toList();
    }

    Mark begin(String account, Instant now) {
        Object[] row = (Object[]) entities.createNativeQuery(BEGIN, Object[].class).setParameter(1, account)
                .setParameter(2, now)
                .getSingleResult();
        return new Mark((Instant) row[0], (String) row[1]);
    }

    void store(String account, List<StripeBalanceTransaction> page) {
        for (StripeBalanceTransaction line : page) {
            query(STORE, Ids.next(), account, line.id(), line.type(), line.reportingCategory(), line.sourceId(),
                    line.amount().getAmount(), line.fee().getAmount(), line.net().getAmount(),
                    line.amount().getCurrencyUnit().getCode(), line.created(), line.availableOn()).executeUpdate();
        }
    }

    void resumeAfter(String account, @Nullable String after) {
        query(RESUME, account, after).executeUpdate();
    }

    void end(String account) {
        query(END, account).executeUpdate();
    }

    void failed(String account, String outcome, Instant now) {
        query(FAILED, account, outcome, now).executeUpdate();
    }

    private Query query(String sql, @Nullable Object... parameters) {
        Query query = entities.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }
}
