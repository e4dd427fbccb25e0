package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/**
 * Our books beside Stripe's, object by object: for each account what the journals of a payment, a payout or a fee moved on it,
 * less what its balance transactions did. Whatever is not zero is told; account by account, these are the differences of the
 * balances as well, for an object that agrees adds nothing.
 */
final class Comparison {

    /** More objects than this differ only when something is very wrong; their accounts are told all the same. */
    static final int MOST_OBJECTS = 5000;

    /** What an object that differs can be found to be. */
    static final Set<Kind> OF_OBJECTS = EnumSet.of(Kind.UNBOOKED, Kind.UNKNOWN_TYPE, Kind.UNTOLD, Kind.UNEQUAL, Kind.UNMOVED);

    /**
     * The platform's side is one figure: the sum of its own accounts in the ledger, against the net of its balance
     * transactions.
     * A coach's is two, by whether the money is available; the accounts that were replaced are the coach's as well.
     */
    private static final String DIFFERENCES = """
            with known (side, type, fact) as %s,
            connected as (
              select user_id, stripe_account_id as account from stripe_connected_accounts where stripe_account_id is not null
              union all select user_id, unnest(replaced_accounts) from stripe_connected_accounts),
            differing as (
              select owner, max(account) as account, currency, object, sum(pending) as pending, sum(available) as available,
                     max(at) as last, bool_or(booked) as booked, bool_or(not booked) as told
                from (
                  select case when a.kind like 'coach%%' then a.owner_id::text else 'platform' end as owner,
                         case when a.kind not like 'coach%%' then 'platform' end as account, e.currency, coalesce(j.transaction_id::text, j.reference) as object,
                         case a.kind when 'coach_pending' then e.amount else 0 end as pending,
                         case a.kind when 'coach_pending' then 0 else e.amount end as available,
                         j.occurred_at as at, true as booked
                    from ledger_entries e
                    join ledger_accounts a on a.id = e.account_id
                     and a.kind not in ('external', 'fx', 'coach_in_transit', 'coach_paid_out')
                    join ledger_journals j on j.id = e.journal_id
                  union all
                  select coalesce(c.user_id::text, b.account), b.account, b.currency, coalesce(j.transaction_id::text, j.reference, b.stripe_balance_transaction_id),
                         case when b.account <> 'platform' and b.available_on > given.now then -b.net else 0 end,
                         case when b.account <> 'platform' and b.available_on > given.now then 0 else -b.net end,
                         case when b.available_on <= given.now then greatest(b.created, b.available_on) else b.created end, false
                    from (select ?::timestamptz as now) as given
                   cross join stripe_balance_transactions b
                    left join connected c on c.account = b.account
                    left join ledger_journals j on j.id = b.fact_journal_id
                   where b.type <> all (array(select type from known where fact = 'RESERVE'))) as movement
               group by owner, currency, object
              having sum(pending) <> 0 or sum(available) <> 0),
            object as materialized (
              select coalesce(m.account, c.stripe_account_id, c.replaced_accounts[cardinality(c.replaced_accounts)], 'ledger') as account,
                     m.currency, m.object, m.pending, m.available, m.last, m.booked, m.told
                from differing m left join stripe_connected_accounts c on c.user_id::text = m.owner)
            select 'account' as row, account, currency, null as object, sum(pending) as pending, sum(available) as available,
                   max(last) as last, null::boolean as booked, null::boolean as told
              from object group by account, currency having sum(pending) <> 0 or sum(available) <> 0
            union all
            (select 'object', * from object order by last desc limit ?)"""
            .formatted(Fact.ROWS);

    /**
     * What an object or an account has too much on our side, or too little.
     *
     * @param object our payment's id, or the id at Stripe of what belongs to none; null for an account as a whole
     * @param last when something last happened to it
     * @param booked whether there is a journal about it
     * @param told whether there is a balance transaction about it
     */
    record Difference(String account, String currency, @Nullable String object, BigDecimal pending, BigDecimal available,
            Instant last, boolean booked, boolean told) {

        static Difference of(ResultSet row) throws SQLException {
            return new Difference(row.getString("account"), row.getString("currency"), row.getString("object"),
                    row.getBigDecimal("pending"), row.getBigDecimal("available"), Rows.instant(row, "last"),
                    row.getBoolean("booked"), row.getBoolean("told"));
        }

        BigDecimal total() {
            return pending.add(available);
        }

        /** Our payment, if the object is one. */
        @Nullable
        UUID paymentId() {
            return object != null && object.length() == 36 ? UUID.fromString(object) : null;
        }
    }

    /** Reads what differs at the moment of the snapshot; accounts and, newest first, at most {@link #MOST_OBJECTS} objects. */
    static List<Difference> differences(Rows snapshot, Instant now) {
        return snapshot.query(DIFFERENCES, Difference::of, now, MOST_OBJECTS);
    }

    private Comparison() {
    }
}
