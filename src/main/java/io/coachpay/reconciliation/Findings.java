package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;

/** Stores findings: one open row for each difference, until a run no longer finds it. All verbs join a database transaction. */
@ApplicationScoped
class Findings {

    private static final int MOST_KNOWN = 20_000;

    /** Kinds that report something past that cannot be undone: a note closes them, and they are not found again. */
    private static final List<String> CLOSED_BY_NOTE = List.of(Kind.CONVERTED.code(), Kind.REFUSED_STEP.code(),
            Kind.REFUSED_REFUND.code(), Kind.FAILED_REFUND.code(), Kind.REFUSED_PAYOUT.code(), Kind.REFUSED_PAYMENT.code(),
            Kind.REFUSED_PAYOUT_FEE.code(), Kind.LATE_PAYMENT.code(), Kind.LOST_EVENT.code(),
            Kind.PORTAL_CHANGED.code(), Kind.CREDIT_NOTE.code(), Kind.MISSING_SUBSCRIPTION.code(), Kind.SURPLUS_BALANCE.code());

    /**
     * A known finding keeps its age, and a cause that was once established. Between Stripe's balance and our import time
     * passes: only a difference that is found again, unchanged, a while later counts.
     */
    private static final String RECORD = """
            insert into reconciliation_findings as f (id, kind, account, subject, currency, amount, stripe_id, transaction_id, cause,
                   details, since, looked_at, seen_at)
            select distinct on (g.account, g.kind, g.subject, g.currency) g.*, now.seen
              from (select ?::timestamptz as seen, ?::text[] as closed_by_note) as now,
                   unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bpchar[], ?::numeric[], ?::text[], ?::uuid[], ?::text[],
                          ?::text[], ?::timestamptz[], ?::timestamptz[])
                   as g (id, kind, account, subject, currency, amount, stripe_id, transaction_id, cause, details, since, looked_at)
             where not (g.kind = any (now.closed_by_note) and exists (
                   select from reconciliation_findings n where n.kind = g.kind and n.subject = g.subject and n.note is not null))
             order by g.account, g.kind, g.subject, g.currency
            on conflict (account, kind, subject, currency) where resolved_at is null do update
               set amount = excluded.amount, seen_at = excluded.seen_at, details = excluded.details,
                   stripe_id = coalesce(excluded.stripe_id, f.stripe_id), looked_at = coalesce(excluded.looked_at, f.looked_at),
                   since = case when f.kind in ('imported', 'released') and f.amount <> excluded.amount then excluded.since
                                else least(f.since, excluded.since) end,
                   cause = case when f.kind in ('imported', 'released') and f.amount = excluded.amount
                                 and f.since < excluded.since - interval '15 minutes' then 'unknown'
                                when excluded.cause = 'unknown' and f.looked_at is not null and f.cause <> 'in_flight' then f.cause
                                else excluded.cause end""";
    /** Stripe no longer reports the balance of a disconnected account. */
    private static final String RESOLVE = """
            update reconciliation_findings f set resolved_at = ?
             where resolved_at is null and seen_at < ? and kind <> all (?::text[])
               and (kind not in ('imported', 'released') or account = any (?::text[])
                    or exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = f.account and c.deauthorized_at is not null
                                   or c.replaced_accounts @> array[f.account]))""";
    private static final String KNOWN = """
            select account, kind, subject, cause, looked_at from reconciliation_findings
             where resolved_at is null and looked_at is not null order by id desc limit ?""";
    private static final String SUSPECTS = """
            select distinct kind, account, subject from reconciliation_findings where resolved_at is null and kind = any (?)""";
    private static final String DRIFT = """
            select currency, sum(abs(amount)) as amount from reconciliation_findings
             where resolved_at is null and kind = any (?) and cause <> 'in_flight' group by currency""";
    private static final String COUNTS = """
            select cause, count(*) as findings from reconciliation_findings where resolved_at is null group by cause""";
    private static final String LIST = """
            select * from reconciliation_findings
             where id < ? and (resolved_at is not null) = ? and (?::text is null or cause = ?) and (?::text is null or account = ?)
             order by id desc limit ?""";
    private static final String NOTE = """
            update reconciliation_findings set note = ?, noted_by = ? where id = ? returning *""";

    private final Rows rows;

    Findings(DataSource database) {
        this.rows = new Rows(database);
    }

    /** The known cause of an open finding that Stripe was asked about. */
    record Known(Cause cause, Instant lookedAt) {
    }

    /** The identity of a finding. */
    record Key(String account, Kind kind, String subject) {
    }

    void record(List<Discrepancy> found, Instant seen) {
        if (found.isEmpty()) {
            return;
        }
        rows.update(RECORD, seen, new Rows.Column("text", CLOSED_BY_NOTE), column("uuid", found, each -> Ids.next()),
                column("text", found, each -> each.kind().code()), column("text", found, Discrepancy::account),
                column("text", found, Discrepancy::subject), column("bpchar", found, Discrepancy::currency),
                column("numeric", found, Discrepancy::amount), column("text", found, Discrepancy::stripeId),
                column("uuid", found, Discrepancy::paymentId), column("text", found, each -> each.cause().code()),
                column("text", found, Discrepancy::details), column("timestamptz", found, Discrepancy::since),
                column("timestamptz", found, Discrepancy::lookedAt));
    }

    /**
     * Closes the findings of the kinds compared that were not seen at that time or later.
     *
     * @param more the kinds of which a run may not have seen all
     * @param asked the accounts whose balance Stripe has reported
     */
    void resolveUnseen(Instant seen, Set<Kind> more, Set<String> asked, Instant now) {
        rows.update(RESOLVE, now, seen, new Rows.Column("text", more.stream().map(Kind::code).toList()),
                new Rows.Column("text", List.copyOf(asked)));
    }

    Map<Key, Known> lookedAt() {
        Map<Key, Known> known = new HashMap<>();
        rows.query(KNOWN, row -> known.put(
                new Key(row.getString("account"), Kind.of(row.getString("kind")), row.getString("subject")),
                new Known(Cause.of(row.getString("cause")), Rows.instant(row, "looked_at"))), MOST_KNOWN);
        return known;
    }

    /** The objects to compare again, because they differed at the last comparison. */
    Suspects suspects() {
        Suspects suspects = new Suspects();
        rows.query(SUSPECTS, row -> {
            suspects.add(Kind.of(row.getString("kind")), row.getString("account"), row.getString("subject"));
            return true;
        }, new Rows.Column("text", Suspects.KINDS.stream().map(Kind::code).toList()));
        return suspects;
    }

    /** The sum of all unexplained differences of balances, by currency. */
    Map<String, BigDecimal> drift() {
        Map<String, BigDecimal> drift = new TreeMap<>();
        rows.query(DRIFT, row -> drift.put(row.getString("currency"), row.getBigDecimal("amount")),
                new Rows.Column("text", Kind.drifts()));
        return drift;
    }

    /** Open findings, by cause. */
    Map<Cause, Long> counts() {
        Map<Cause, Long> counts = new TreeMap<>();
        rows.query(COUNTS, row -> counts.put(Cause.of(row.getString("cause")), row.getLong("findings")));
        return counts;
    }

    /** Newest first, one more than asked for when there are more. */
    List<Finding> list(boolean resolved, @Nullable Cause cause, @Nullable String account, UUID before, int limit) {
        String code = cause == null ? null : cause.code();
        return rows.query(LIST, Finding::of, before, resolved, code, code, account, account, limit + 1);
    }

    @Nullable
    Finding note(UUID id, String note, UUID administrator) {
        List<Finding> noted = rows.query(NOTE, Finding::of, note, administrator, id);
        return noted.isEmpty() ? null : noted.get(0);
    }

    private static Rows.Column column(String type, List<Discrepancy> found, Function<Discrepancy, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>();
        found.forEach(each -> values.add(value.apply(each)));
        return new Rows.Column(type, values);
    }
}
