package io.coachpay.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.quarkus.arc.All;

/**
 * Matches each mirrored balance transaction with the fact it is about, and books facts that nothing else reports: Stripe's
 * fees, the platform's bank, and conversions. A line whose fact is not booked yet is left for a later look.
 */
@ApplicationScoped
public class LineMatching {

    /** Newest lines that are looked at every few seconds; older ones wait for the next run. */
    private static final int NEWEST = 2000;
    private static final int ROUNDS = 500;
    private static final int PAGE = 2000;
    private static final int MOST_PAGES = 10_000;

    /**
     * Lines with their facts' journals. An object of a payment leads to the journal of the payment, any other to the one that
     * was posted for it; on a coach's side the ids are those of the payment and the refund there.
     */
    private static final String WITH_FACTS = """
            , known (side, type, fact) as %s
            select l.id, l.stripe_balance_transaction_id, known.fact, j.id as journal_id, j.transaction_id, t.currency as agreed,
                   c.user_id, l.amount, l.currency, l.fee, l.created
              from line l
              join known on known.type = l.type and known.side = %s
              left join stripe_connected_accounts c on c.stripe_account_id = l.account or c.replaced_accounts @> array[l.account]
              left join lateral (
                    select j.id, j.transaction_id from transactions t join ledger_journals j
                        on j.transaction_id = t.id and j.reference = t.stripe_payment_intent_id
                     where known.fact = 'PAYMENT' and t.stripe_charge_id = l.source
                    union all
                    select j.id, j.transaction_id from transactions t join ledger_journals j
                        on j.transaction_id = t.id and j.reference = t.stripe_payment_intent_id
                     where known.fact = 'APPLICATION_FEE' and t.stripe_application_fee_id = l.source
                    union all
                    select j.id, j.transaction_id from transfers r join transactions t on t.id = r.transaction_id
                      join ledger_journals j on j.transaction_id = t.id and j.reference =
                           case r.purpose when 'payment' then t.stripe_payment_intent_id else r.stripe_transfer_id end
                     where known.fact = 'TRANSFER' and r.stripe_transfer_id = l.source
                    union all
                    select j.id, j.transaction_id from transfers r join transactions t on t.id = r.transaction_id
                      join ledger_journals j on j.transaction_id = t.id and j.reference =
                           case r.purpose when 'payment' then t.stripe_payment_intent_id else r.stripe_transfer_id end
                     where known.fact = 'DESTINATION_PAYMENT' and r.stripe_destination_payment_id = l.source
                    union all
                    select j.id, j.transaction_id from transfer_reversals v join ledger_journals j
                        on j.kind in ('transfer_reversed', 'dispute_recovered') and j.reference = v.stripe_reversal_id
                     where known.fact = 'DESTINATION_REFUND' and v.stripe_destination_payment_refund_id = l.source
                    union all
                    %s
                    union all
                    select j.id, j.transaction_id from ledger_journals j
                     where j.kind = 'dispute_funds' and j.reference = l.stripe_balance_transaction_id
                       and known.fact = 'DISPUTE'
                    union all
                    select j.id, j.transaction_id from ledger_journals j
                     where j.reference = l.source and j.kind = any (case known.fact
                             when 'REFUND' then array['refunded']
                             when 'REFUND_FAILURE' then array['refund_failed']
                             when 'REVERSAL' then array['transfer_reversed', 'dispute_recovered']
                             when 'FEE_REFUND' then array['fee_refunded']
                             when 'DESTINATION_FEE_REFUND' then array['fee_refunded']
                             when 'ACCOUNT_DEBIT' then array['instant_fee']
                             when 'PAYOUT' then array['payout_created']
                             when 'PAYOUT_FAILURE' then array['payout_failed'] end)
                    limit 1) j on true
              left join transactions t on t.id = j.transaction_id
             where j.id is not null or known.fact in ('STRIPE_FEE', 'PLATFORM_BANK', 'PLATFORM_DEBT_CLEARING', 'DEBT_CLEARING')
             order by l.id""";
    private static final String AMONG_NEWEST = """
            with line as materialized (
              select * from stripe_balance_transactions
               where fact_journal_id is null and not ignored and (book_at is null or book_at <= now()) order by id desc limit ?)""";
    private static final String AMONG_NEXT = """
            with line as materialized (
              select * from stripe_balance_transactions
               where fact_journal_id is null and not ignored and (book_at is null or book_at <= now())
                 and id > ? and id <= ? order by id)""";
    private static final String AMONG_ONE_ACCOUNTS = """
            with line as materialized (
              select * from stripe_balance_transactions
               where account = ? and journal_id is null and fact_journal_id is null and not ignored
                 and (book_at is null or book_at <= now())
               order by id desc limit ?)""";
    private static final String AMONG_ONE = """
            with line as materialized (
              select * from stripe_balance_transactions where fact_journal_id is null and id = ?)""";
    private static final String IDS = " select id from line order by id";
    private static final String PAGE_END = """
            select (array_agg(id order by id desc))[1] as id from (
                   select id from stripe_balance_transactions
                    where fact_journal_id is null and not ignored and id > ? order by id limit ?) page""";

    /** One at a time: concurrent matching of the same lines would book them for nothing, or in another order. */
    private static final String ALONE = "select pg_advisory_xact_lock(hashtext('line-matching'))";

    /** A line with a journal of its own is matched with that, any other with its fact's. Lines are locked in order. */
    private static final String NOTE = """
            with matched as (
              select line.id, given.fact, own.id as own, given.waits
                from unnest(?::uuid[], ?::uuid[], ?::text[], ?::boolean[]) as given (id, fact, own_kind, waits)
                join stripe_balance_transactions line on line.id = given.id
                left join ledger_journals own
                  on own.kind = given.own_kind and own.reference = line.stripe_balance_transaction_id
               where coalesce(given.fact, own.id) is not null
               order by line.id for no key update of line)
            update stripe_balance_transactions b
               set fact_journal_id = coalesce(matched.fact, matched.own), book_at = null, problem = null,
                   journal_id = coalesce(b.journal_id, case when not matched.waits then coalesce(matched.own, matched.fact) end)
              from matched where b.id = matched.id""";

    private static final String BOOKED = """
            update stripe_balance_transactions set fact_journal_id = ?, journal_id = ?
             where id = ? and fact_journal_id is null""";

    private final Access access;
    private final Ledger ledger;
    private final Conversions conversions;
    private final RefusedLines refusals;
    private final Rows rows;
    private final String withFacts;

    LineMatching(Access access, Ledger ledger, Conversions conversions, RefusedLines refusals,
            @All List<JournalSource> sources, DataSource database) {
        this.access = access;
        this.ledger = ledger;
        this.conversions = conversions;
        this.refusals = refusals;
        this.rows = new Rows(database);
        this.withFacts = WITH_FACTS.formatted(Fact.ROWS, Fact.SIDE,
                sources.stream().map(JournalSource::query).collect(Collectors.joining("\nunion all\n")));
    }

    /** Matches the lines that came last, again and again while that finds something. */
    void matchNewest() {
        for (int round = 0; round < ROUNDS; round++) {
            int matched = matchEach(AMONG_NEWEST, NEWEST);
            if (matched == 0) {
                return;
            }
        }
    }

    /** Matches once the newest lines of an account that became available, or will. */
    void matchNewest(String account) {
        matchEach(AMONG_ONE_ACCOUNTS, account, NEWEST);
    }

    /** Matches one line. */
    public void match(UUID line) {
        access.runAsService(() -> match(AMONG_ONE, line));
    }

    /**
     * Records that a line was booked by hand, inside the running database transaction.
     *
     * @param waits whether its money still waits to become available, which is booked then
     */
    public void booked(UUID line, UUID journal, boolean waits) {
        rows.update(BOOKED, journal, waits ? null : journal, line);
    }

    /** Matches all lines without a fact, page by page. */
    public void matchAll() {
        UUID after = new UUID(0, 0);
        for (int page = 0; page < MOST_PAGES; page++) {
            UUID begin = after;
            UUID end = access.asService(() -> pageEnd(begin));
            if (end == null) {
                return;
            }
            matchEach(AMONG_NEXT, begin, end);
            after = end;
        }
    }

    private @Nullable UUID pageEnd(UUID after) {
        List<@Nullable UUID> end = rows.query(PAGE_END, row -> row.getObject("id", UUID.class), after, PAGE);
        return end.get(0);
    }

    private int matchEach(String among, Object... values) {
        return refusals.whole(() -> access.asService(() -> match(among, values)),
                () -> access.asService(() -> rows.query(among + IDS, row -> row.getObject("id", UUID.class), values)),
                this::match);
    }

    private int match(String among, Object... values) {
        rows.query(ALONE, row -> true);
        List<MatchedLine> lines = rows.query(among + withFacts, MatchedLine::of, values).stream()
                .filter(line -> !line.isConverted() || conversions.book(line)).toList();
        List<Journal> own = new ArrayList<>();
        List<@Nullable String> kinds = new ArrayList<>();
        for (MatchedLine line : lines) {
            List<Journal> journals = line.ownJournals();
            own.addAll(journals);
            kinds.add(journals.isEmpty() ? null : journals.get(0).kind());
        }
        if (!own.isEmpty()) {
            ledger.post(own);
        }
        if (lines.isEmpty()) {
            return 0;
        }
        return rows.update(NOTE, new Rows.Column("uuid", lines.stream().map(MatchedLine::id).toList()),
                new Rows.Column("uuid", lines.stream().map(MatchedLine::fact).toList()), new Rows.Column("text", kinds),
                new Rows.Column("bool", lines.stream().map(MatchedLine::waits).toList()));
    }
}
