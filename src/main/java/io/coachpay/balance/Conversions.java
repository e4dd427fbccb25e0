package io.coachpay.balance;

import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;

import io.coachpay.access.Rows;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;

/**
 * Books amounts that Stripe settled in another currency than their payment's: by Stripe's own figures on both sides, never by a
 * rate.
 *
 * @see <a href="https://docs.stripe.com/currencies/conversions">Stripe: currency conversions</a>
 */
@ApplicationScoped
class Conversions {

    /**
     * The amount that the line's fact booked for the coach. A reversal's line also holds the platform's fee that went back with
     * it, if one did; Stripe does not say which, but both come in the same order.
     */
    private static final String BOOKED = """
            with line as (
              select b.*, j.transaction_id from stripe_balance_transactions b join ledger_journals j on j.id = ? where b.id = ?),
            with_fee as (
              select o.id, row_number() over (order by o.created, o.id) as place from line l
                join ledger_journals j on j.transaction_id = l.transaction_id and j.kind in ('transfer_reversed', 'dispute_recovered')
                join transfer_reversals v on v.stripe_reversal_id = j.reference
                join stripe_balance_transactions o on o.source = v.stripe_destination_payment_refund_id and o.account = l.account
               where o.fee <> 0),
            fee as (
              select f.amount, row_number() over (order by f.occurred_at, f.id) as place from line l
                join fee_refunds f on f.transaction_id = l.transaction_id
               where not exists (select from stripe_balance_transactions o
                                  where o.source = f.stripe_fee_refund_id and o.account = l.account))
            select e.currency, sum(e.amount) + coalesce((select fee.amount from fee join with_fee on with_fee.place = fee.place
                                                          where with_fee.id = ?), 0) as amount
              from ledger_entries e join ledger_accounts a on a.id = e.account_id and a.kind = 'coach_pending'
             where e.journal_id = ?
               and not exists (select from with_fee where id = ? and place > (select count(*) from fee))
             group by e.currency""";

    /** The amount that the line's fact booked for the platform: a payment is one journal for three of its lines. */
    private static final String BOOKED_FOR_PLATFORM = """
            select t.currency, case when j.kind not in ('session_paid', 'payment_held') then
                     (select coalesce(sum(e.amount), 0) from ledger_entries e join ledger_accounts a on a.id = e.account_id
                       where e.journal_id = j.id and e.currency = t.currency and a.owner_id is null
                         and a.kind not in ('external', 'fx'))
                   when given.fact = 'PAYMENT' then t.amount
                   when given.fact = 'TRANSFER' then -t.amount
                   else t.platform_fee end as amount
              from (select ?::text as fact) as given
             cross join ledger_journals j join transactions t on t.id = j.transaction_id where j.id = ?""";

    private final Ledger ledger;
    private final Rows rows;

    Conversions(Ledger ledger, DataSource database) {
        this.ledger = ledger;
        this.rows = new Rows(database);
    }

    /**
     * Books the conversion of a line's fact.
     *
     * @return false while a part of the fact is not booked yet
     */
    boolean book(MatchedLine line) {
        if (line.coachId() == null) {
            return bookForPlatform(line);
        }
        Money settled = line.amount().minus(line.fee());
        if (settled.isZero()) {
            return true;
        }
        List<Money> booked = rows.query(BOOKED, row -> StripeCurrencies.of(row.getString(1)).of(row.getBigDecimal(2)),
                line.fact(), line.id(), line.id(), line.fact(), line.id());
        if (booked.isEmpty() || line.paymentId() == null) {
            return false;
        }
        if (!booked.get(0).isZero()) {
            ledger.post(Postings.converted(line.transaction(), line.coachId(), booked.get(0), settled, line.created())
                    .of(line.paymentId()));
        }
        return true;
    }

    private boolean bookForPlatform(MatchedLine line) {
        List<Money> booked = rows.query(BOOKED_FOR_PLATFORM,
                row -> StripeCurrencies.of(row.getString(1)).of(row.getBigDecimal(2)), line.kind().name(), line.fact());
        if (booked.isEmpty() || line.paymentId() == null) {
            return false;
        }
        // A dispute's amount was booked as its line says, in the currency that Stripe took it in.
        if (!booked.get(0).isZero() && !line.amount().isZero()) {
            ledger.post(Postings.platformConverted(line.transaction(), booked.get(0), line.amount(), line.created())
                    .of(line.paymentId()));
        }
        return true;
    }
}
