package io.coachpay.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.coachpay.development.Postgres;

/** Measures all events of subscriptions' renewals together, in Stripe's order, one renewal after the other. */
final class RenewalBench implements AutoCloseable {

    private static final int CLIENTS = 64;
    private static final int WARM_UP = 300;
    private static final int RENEWALS = 500;
    private static final String PAID = """
            select count(*) from invoices i
              join subscriptions s on s.id = i.subscription_id and s.current_period_start > now() - interval '1 day'
              join invoice_payments p on p.invoice_id = i.id and p.status = 'paid' and p.booked
              join transactions t on t.id = p.transaction_id and t.status = 'completed'
              join ledger_journals j on j.transaction_id = t.id and j.kind = 'subscription_paid'
             where i.status = 'paid' and (select sum(amount) = 0 from ledger_entries where journal_id = j.id)
               and (select count(*) = 1 from invoice_lines where invoice_id = i.id)""";
    private static final String TROUBLED = "select count(*) from stripe_events where status in ('failed', 'dead')";

    private final Site site;
    private final Bookings all;
    private final Subscribed original;
    private final Connection owner;
    private int renewed;

    RenewalBench(Site site, StripeFront stripe, Bookings all, Subscribed original) throws SQLException {
        this.site = site;
        this.all = all;
        this.original = original;
        Postgres server = site.server();
        owner = DriverManager.getConnection(server.jdbcUrl(), server.owner().user(), server.owner().password());
        original.write(owner, 1, WARM_UP + RENEWALS);
        for (int copy = 1; copy <= WARM_UP + RENEWALS; copy++) {
            stripe.knowPayments(original.paymentIntent(copy), original.payments(copy));
        }
    }

    /** @param mix events of sessions' payments that are applied a second */
    void run(double mix) throws Exception {
        apply(requests(WARM_UP));
        Rounds rounds = site.ofService();
        List<byte[]> requests = requests(RENEWALS);
        rounds.add(() -> apply(requests));
        site.report().put("renewals.events", original.size());
        rounds.report(site.report(), "renewals");
        site.report().put("renewals.ratio", rounds.perSecond() / mix);
        Bookings.require(owner, PAID, renewed);
        Bookings.require(owner, TROUBLED, 0);
    }

    private List<byte[]> requests(int renewals) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < renewals; i++) {
            requests.addAll(original.deliveries(++renewed));
        }
        return requests;
    }

    private Rate apply(List<byte[]> requests) throws Exception {
        return all.apply(site.service(), requests, CLIENTS);
    }

    @Override
    public void close() throws SQLException {
        owner.close();
    }
}
