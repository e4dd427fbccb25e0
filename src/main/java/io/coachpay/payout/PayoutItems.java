package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * What payouts are made of: lines of coaches' available money. The verbs that change something join a transaction that holds
 * the
 * coach, so that no line moves meanwhile.
 */
@ApplicationScoped
class PayoutItems {

    /** Payouts themselves move the account too, and are no lines of it. */
    private static final String OPEN = """
            select e.id, e.line, e.amount - coalesce(taken.amount, 0) as open, j.occurred_at
              from ledger_accounts a
              left join payout_marks m on m.user_id = a.owner_id and m.currency = a.currency
              join ledger_entries e on e.account_id = a.id and e.line > coalesce(m.allocated_to, 0)
              join ledger_journals j on j.id = e.journal_id and j.kind not in ('payout_created', 'payout_failed')
              left join lateral (select sum(i.amount) as amount from payout_items i
                                  where i.entry_id = e.id and i.released_at is null) taken on true
             where a.owner_id = ?1 and a.kind = 'coach_available' and a.currency = ?2
               and e.amount <> coalesce(taken.amount, 0)""";
    private static final String WRITE = """
            insert into payout_items (id, payout_id, entry_id, amount, currency)
            select id, ?1, entry, amount, ?2
              from unnest(cast(?3 as uuid[]), cast(?4 as uuid[]), cast(?5 as numeric[])) as item (id, entry, amount)
            on conflict on constraint payout_items_once do update set amount = payout_items.amount + excluded.amount""";
    private static final String ALLOCATED = """
            update payout_marks set allocated_to = greatest(allocated_to, ?3) where user_id = ?1 and currency = ?2""";
    private static final String RELEASE = """
            with released as (
              update payout_items set released_at = ?3 where payout_id = ?4 and released_at is null returning entry_id)
            update payout_marks set allocated_to = least(allocated_to, first.line - 1)
              from (select min(e.line) as line from released r join ledger_entries e on e.id = r.entry_id) first
             where user_id = ?1 and currency = ?2 and first.line is not null""";
    private static final String OF = """
            select i.amount, j.transaction_id, t.session_id
              from payout_items i
              join ledger_entries e on e.id = i.entry_id
              join ledger_journals j on j.id = e.journal_id
              left join transactions t on t.id = j.transaction_id
             where i.payout_id = ?1 order by e.line""";

    private final EntityManager entities;

    PayoutItems(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * One line of a payout, or the part of it that is in this payout.
     *
     * @param amount negative where something was taken back
     * @param transactionId the payment it is about
     * @param sessionId what was paid for
     */
    record Shown(Money amount, @Nullable UUID transactionId, @Nullable UUID sessionId) {
    }

    /** Finds lines for whatever part of the coach's payouts has none, the oldest payout first. */
    void allocate(UUID coach) {
        entities.flush();
        Payout.unallocated(coach).forEach(this::allocate);
    }

    private void allocate(Payout payout) {
        Money missing = payout.unallocated();
        Allocation allocation = Allocation.of(missing, open(payout.userId(), missing));
        if (!allocation.items().isEmpty()) {
            payout.leaveUnallocated(allocation.rest());
            entities.flush();
            write(payout, allocation);
        }
    }

    /** The payout failed: its lines wait for another one. */
    void release(Payout payout, Instant now) {
        entities.flush();
        query(RELEASE, payout.userId(), currency(payout), now, payout.id()).executeUpdate();
    }

    /** The lines of a payout in their order, so many at most; also those it has given back. */
    List<Shown> of(Payout payout, int most) {
        StripeCurrency currency = StripeCurrencies.of(currency(payout));
        List<?> rows = query(OF, payout.id()).setMaxResults(most).getResultList();
        return rows.stream().map(row -> (Object[]) row)
                .map(row -> new Shown(currency.of((BigDecimal) row[0]), (UUID) row[1], (UUID) row[2])).toList();
    }

    private List<Allocation.Line> open(UUID coach, Money of) {
        StripeCurrency currency = StripeCurrencies.of(of.getCurrencyUnit());
        List<?> rows = query(OPEN, coach, currency.code()).getResultList();
        return rows.stream().map(row -> (Object[]) row).map(row -> new Allocation.Line((UUID) row[0],
                ((Number) row[1]).longValue(), currency.of((BigDecimal) row[2]), (Instant) row[3])).toList();
    }

    private void write(Payout payout, Allocation allocation) {
        List<Allocation.Item> items = allocation.items();
        query(WRITE, payout.id(), currency(payout),
                items.stream().map(item -> Ids.next()).toArray(UUID[]::new),
                items.stream().map(Allocation.Item::entry).toArray(UUID[]::new),
                items.stream().map(item -> item.amount().getAmount()).toArray(BigDecimal[]::new)).executeUpdate();
        query(ALLOCATED, payout.userId(), currency(payout), allocation.allocatedTo()).executeUpdate();
    }

    private static String currency(Payout payout) {
        return payout.amount().getCurrencyUnit().getCode();
    }

    private Query query(String sql, Object... parameters) {
        Query query = entities.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }
}
