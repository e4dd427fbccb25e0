package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.balance.Fact;

/**
 * Compares our books with Stripe's, object by object. For each account: the amounts that the journals of a payment, a payout or
 * a fee moved on it, less those of its balance transactions. A difference other than zero is reported. Summed by account, these
 * are the differences of the balances too, since an object that agrees adds nothing. So an object that has agreed need not be
 * read again until something happens to it.
 */
final class BookComparison {

    /** More objects than this differ only when something is very wrong; their accounts are reported all the same. */
    static final int MOST_OBJECTS = 5000;

    /** The kinds of findings about an object. */
    static final Set<Kind> OF_OBJECTS = EnumSet.of(Kind.UNBOOKED, Kind.UNKNOWN_TYPE, Kind.UNTOLD, Kind.UNEQUAL, Kind.UNMOVED);

    /**
     * The platform's side is one figure: the sum of its own accounts in the ledger, against the net of its balance
     * transactions. A coach's is two, by whether the money is available; replaced accounts are the coach's as well.
     */
    private static final String DIFFERENCES = """
            with known (side, type, fact) as %s,
            given as materialized (select ?::timestamptz as now),
            connected as (
              select user_id, stripe_account_id as account from stripe_connected_accounts where stripe_account_id is not null
              union all select user_id, unnest(replaced_accounts) from stripe_connected_accounts),
            journal as materialized (
              select j.id, j.transaction_id::text as object, j.occurred_at
                from unnest(?::uuid[]) as payment (id) join ledger_journals j on j.transaction_id = payment.id
              union all
              select j.id, j.reference, j.occurred_at
                from unnest(?::text[]) as other (reference) join ledger_journals j on j.reference = other.reference and j.transaction_id is null),
            line as (
              select b.*, j.object from journal j join stripe_balance_transactions b on b.fact_journal_id = j.id
              union all
              select b.*, b.stripe_balance_transaction_id from unnest(?::text[]) as other (reference)
                join stripe_balance_transactions b on b.stripe_balance_transaction_id = other.reference
                 and b.fact_journal_id is null and not b.ignored),
            movement as materialized (
              select case when a.kind like 'coach%%' then a.owner_id::text else 'platform' end as owner,
                     case when a.kind not like 'coach%%' then 'platform' end as account, e.currency, j.object,
                     case a.kind when 'coach_pending' then e.amount else 0 end as pending,
                     case a.kind when 'coach_pending' then 0 else e.amount end as available,
                     j.occurred_at as at, true as booked
                from journal j join ledger_entries e on e.journal_id = j.id
                join ledger_accounts a on a.id = e.account_id
                 and a.kind not in ('external', 'fx', 'coach_in_transit', 'coach_paid_out')
              union all
              select coalesce(c.user_id::text, b.account), b.account, b.currency, b.object,
                     case when b.account <> 'platform' and b.available_on > given.now then -b.net else 0 end,
                     case when b.account <> 'platform' and b.available_on > given.now then 0 else -b.net end,
                     case when b.available_on <= given.now then greatest(b.created, b.available_on) else b.created end, false
                from given cross join line b left join connected c on c.account = b.account
               where b.type <> all (array(select type from known where fact = 'RESERVE'))),
            differing as (
              select owner, max(account) as account, currency, object, sum(pending) as pending, sum(available) as available,
                     max(at) as last, bool_or(booked) as booked, bool_or(not booked) as told
                from movement group by owner, currency, object
              having sum(pending) <> 0 or sum(available) <> 0)
            select coalesce(m.account, c.stripe_account_id, c.replaced_accounts[cardinality(c.replaced_accounts)], 'ledger') as account,
                   m.currency, m.object, m.pending, m.available, m.last, m.booked, m.told, null::bigint as lines
              from differing m left join stripe_connected_accounts c on c.user_id::text = m.owner
            union all
            select null, null, null, null, null, null, null, null, count(*) from movement where not booked"""
            .formatted(Fact.ROWS);

    /**
     * The excess of an object or an account on our side, or the shortage.
     *
     * @param object our payment's id, or the id at Stripe of an object without one; null for an account as a whole
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

        /** The same difference, as a part of its account's. */
        Difference ofAccount() {
            return new Difference(account, currency, null, pending, available, last, booked, told);
        }

        Difference plus(Difference other) {
            return new Difference(account, currency, object, pending.add(other.pending), available.add(other.available),
                    last.isAfter(other.last) ? last : other.last, booked || other.booked, told || other.told);
        }

        /** Our payment, if the object is one. */
        @Nullable
        UUID paymentId() {
            return object != null && isPayment(object) ? UUID.fromString(object) : null;
        }
    }

    /**
     * The result.
     *
     * @param differences those of objects
     * @param lines how many of Stripe's balance transactions were compared
     */
    record Outcome(List<Difference> differences, long lines) {
    }

    /**
     * The objects of a page.
     *
     * @param payments ours, by their ids
     * @param others objects without a payment, by their id at Stripe
     */
    record Objects(Rows.Column payments, Rows.Column others) {

        static Objects of(Collection<String> objects) {
            return new Objects(
                    new Rows.Column("uuid", objects.stream().filter(BookComparison::isPayment).map(UUID::fromString).toList()),
                    new Rows.Column("text", objects.stream().filter(object -> !isPayment(object)).toList()));
        }
    }

    /** Compares these objects, each of them whole, at one moment. */
    static Outcome compare(Rows books, Instant now, Objects objects) {
        long[] lines = new long[1];
        List<Difference> differences = new ArrayList<>();
        books.query(DIFFERENCES, row -> {
            lines[0] += row.getLong("lines");
            return row.getString("account") == null || differences.add(Difference.of(row));
        }, now, objects.payments(), objects.others(), objects.others());
        return new Outcome(differences, lines[0]);
    }

    /** Stripe's ids have no dashes. */
    private static boolean isPayment(String object) {
        return object.length() == 36 && object.indexOf('-') == 8;
    }

    private BookComparison() {
    }
}
