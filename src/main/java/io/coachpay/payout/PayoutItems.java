package io.coachpay.payout;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Constraints;
import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * Stores the lines of coaches' available money that payouts are made of. Writing verbs join a database transaction that holds
 * the coach, so that no line moves meanwhile.
 */
@ApplicationScoped
class PayoutItems {

    /** Payouts themselves move the account too, but are not lines of it. */
    private static final String OPEN = Holdings.UNRELEASED + """
            select e.id, e.line, e.amount - coalesce(taken.amount, 0) as open, j.occurred_at, u.id is not null as held
              from ledger_accounts a
              left join payout_marks m on m.user_id = a.owner_id and m.currency = a.currency
              join ledger_entries e on e.account_id = a.id and e.line > coalesce(m.allocated_to, 0)
              join ledger_journals j on j.id = e.journal_id and j.kind not in ('payout_created', 'payout_failed')
              left join unreleased u on u.id = j.transaction_id and u.currency = a.currency and u.aside
              left join lateral (select sum(i.amount) as amount from payout_items i
                                  where i.entry_id = e.id and i.released_at is null) taken on true
             where a.owner_id = ? and a.kind = 'coach_available' and a.currency = ?
               and e.amount <> coalesce(taken.amount, 0)""";
    private static final String WRITE = """
            insert into payout_items (id, payout_id, entry_id, amount, currency)
            select id, ?, entry, amount, ?
              from unnest(?::uuid[], ?::uuid[], ?::numeric[]) as item (id, entry, amount)
            on conflict on constraint payout_items_once do update set amount = payout_items.amount + excluded.amount""";
    private static final String ALLOCATED = """
            update payout_marks set allocated_to = greatest(allocated_to, ?) where user_id = ? and currency = ?""";
    private static final String RELEASE = """
            with released as (
              update payout_items set released_at = ? where payout_id = ? and released_at is null returning entry_id)
            update payout_marks set allocated_to = least(allocated_to, first.line - 1)
              from (select min(e.line) as line from released r join ledger_entries e on e.id = r.entry_id) first
             where user_id = ? and currency = ? and first.line is not null""";
    private static final String OF = """
            select i.amount, j.transaction_id, t.session_id
              from payout_items i
              join ledger_entries e on e.id = i.entry_id
              join ledger_journals j on j.id = e.journal_id
              left join transactions t on t.id = j.transaction_id
             where i.payout_id = ? order by e.line limit ?""";

    private final Rows rows;
    private final Holdings holdings;
    private final EntityManager entities;

    PayoutItems(DataSource database, Holdings holdings, EntityManager entities) {
        this.rows = new Rows(database);
        this.holdings = holdings;
        this.entities = entities;
    }

    /**
     * The payable lines changed between two statements. Holding the coach keeps money from moving, but does not stop a session
     * from being cancelled. A second choice is right.
     */
    static final class Changed extends IllegalStateException {

        private static final long serialVersionUID = 1;

        Changed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * One line of a payout, or the part of it that is in this payout.
     *
     * @param amount negative where money was taken back
     * @param transactionId the payment it is about
     * @param sessionId the session that was paid
     */
    record Shown(Money amount, @Nullable UUID transactionId, @Nullable UUID sessionId) {
    }

    /** Finds lines for parts of the coach's payouts that have none, the oldest payout first. */
    void allocate(UUID coach) {
        entities.flush();
        List<Payout> payouts = Payout.list("userId = ?1 and unallocated <> 0"
                + " and progress.status not in (REFUSED, FAILED, CANCELED) order by id", coach);
        payouts.forEach(this::allocate);
    }

    /** Stores a new payout and its lines; older payouts choose first. One that came back already has no lines. */
    void begin(Payout payout) {
        allocate(payout.userId());
        Allocation allocation = Allocation.of(payout.unallocated(), payout.status().isOver() ? List.of() : open(payout),
                payout.origin().releasedUntil() == null);
        payout.leaveUnallocated(allocation.rest());
        payout.persist();
        entities.flush();
        write(payout, allocation);
    }

    private void allocate(Payout payout) {
        Money missing = payout.unallocated();
        Allocation allocation = Allocation.of(missing, open(payout), payout.origin().releasedUntil() == null);
        if (!allocation.items().isEmpty()) {
            payout.leaveUnallocated(allocation.rest());
            entities.flush();
            write(payout, allocation);
        }
    }

    /** Releases the lines of a failed payout for another one. */
    void release(Payout payout, Instant now) {
        entities.flush();
        rows.update(RELEASE, now, payout.id(), payout.userId(), currency(payout));
    }

    /** Returns the lines of a payout in their order, so many at most; also released ones. */
    List<Shown> of(Payout payout, int most) {
        StripeCurrency currency = StripeCurrencies.of(currency(payout));
        return rows.query(OF, row -> new Shown(currency.of(row.getBigDecimal("amount")),
                row.getObject("transaction_id", UUID.class), row.getObject("session_id", UUID.class)), payout.id(), most);
    }

    private List<Allocation.Line> open(Payout payout) {
        UUID coach = payout.userId();
        StripeCurrency currency = StripeCurrencies.of(currency(payout));
        Instant until = payout.origin().releasedUntil() == null ? holdings.until() : payout.origin().releasedUntil();
        return rows.query(OPEN, row -> new Allocation.Line(row.getObject("id", UUID.class), row.getLong("line"),
                currency.of(row.getBigDecimal("open")), Rows.instant(row, "occurred_at"), row.getBoolean("held")), coach, coach,
                coach, until, coach, coach, coach, coach, currency.code());
    }

    private void write(Payout payout, Allocation allocation) {
        List<Allocation.Item> items = allocation.items();
        if (items.isEmpty()) {
            return;
        }
        try {
            rows.update(WRITE, payout.id(), currency(payout),
                    new Rows.Column("uuid", items.stream().map(item -> Ids.next()).toList()),
                    new Rows.Column("uuid", items.stream().map(Allocation.Item::entry).toList()),
                    new Rows.Column("numeric", items.stream().map(item -> item.amount().getAmount()).toList()));
        } catch (IllegalStateException e) {
            throw Constraints.violated(e, "payout_items_released")
                    ? new Changed("A line of " + payout.id() + " was released when it was chosen and is not any more", e)
                    : e;
        }
        rows.update(ALLOCATED, allocation.allocatedTo(), payout.userId(), currency(payout));
    }

    private static String currency(Payout payout) {
        return payout.amount().getCurrencyUnit().getCode();
    }
}
