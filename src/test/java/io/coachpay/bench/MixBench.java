package io.coachpay.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.coachpay.development.Postgres;

/**
 * Measures all events of payments together, as a real day brings them: in Stripe's order, one payment after the other, and
 * shuffled among all payments.
 */
final class MixBench implements AutoCloseable {

    private static final int COACHES = 50;
    private static final int CLIENTS = 64;
    /** Payments before measuring, for each order. */
    private static final int WARM_UP = 200;
    private static final int PAYMENTS = 400;
    private static final int MOST = 2 * (WARM_UP + PAYMENTS);
    private static final long SEED = 10;
    private static final String READ = """
            select id, 'pi_' || replace(id::text, '-', ''), destination_account, (amount * 100)::bigint, (platform_fee * 100)::bigint
              from transactions where method = 'checkout' order by id""";
    private static final String PAID = """
            select count(*) from transactions t
              join sessions s on s.id = t.session_id and s.status = 'confirmed' and s.payment_status = 'paid'
              join checkout_sessions c on c.transaction_id = t.id and c.status = 'complete'
              join stripe_customers u on u.id = t.id and u.stripe_customer_id = t.stripe_customer_id
              join transfers f on f.transaction_id = t.id and f.stripe_transfer_id = t.stripe_transfer_id
              join ledger_journals j on j.transaction_id = t.id and j.kind = 'session_paid'
             where t.method = 'checkout' and t.status = 'completed' and t.stripe_charge_id is not null
               and t.stripe_application_fee_id is not null
               and (select count(*) = 3 and sum(amount) = 0 from ledger_entries where journal_id = j.id)""";
    private static final String DONE = "select count(*) from stripe_events where event_id like '" + Mix.EVENT_IDS
            + "%' and status in ('processed', 'ignored')";
    private static final String TROUBLED = "select count(*) from stripe_events where status in ('failed', 'dead')";
    private static final String RETRIED = "select count(*) from stripe_events where event_id like '" + Mix.EVENT_IDS
            + "%' and attempts > 1";
    private static final String WRONG_BALANCES = """
            select count(*) from ledger_accounts a join coach_profiles p on p.user_id = a.owner_id
             where a.balance <> (select coalesce(sum(amount), 0) from ledger_entries where account_id = a.id)
                or a.kind = 'coach_pending' and a.balance <> p.pending_balance""";

    private final Site site;
    private final StripeFront stripe;
    private final Bookings all;
    private final Connection owner;
    private final List<Booking> waiting = new ArrayList<>();
    private int paid;

    MixBench(Site site, StripeFront stripe, Bookings all) throws Exception {
        this.site = site;
        this.stripe = stripe;
        this.all = all;
        Postgres server = site.server();
        owner = DriverManager.getConnection(server.jdbcUrl(), server.owner().user(), server.owner().password());
        List<String> accounts = new Banks(stripe.sandbox()).open(Collections.nCopies(COACHES, "USD"));
        try (Statement statement = owner.createStatement()) {
            statement.execute(Deliveries.filled(Deliveries.resource("mix.sql"),
                    Map.of("accounts", String.join(",", accounts), "payments", MOST)));
            ResultSet rows = statement.executeQuery(READ);
            while (rows.next()) {
                waiting.add(new Booking(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4),
                        rows.getLong(5)));
            }
        }
        waiting.forEach(booking -> stripe.know(booking.paymentIntent(), Mix.paymentIntent(booking)));
    }

    /**
     * Returns how many events in order are applied a second.
     *
     * @param perSecond events of one type that are applied
     */
    double run(double perSecond) throws Exception {
        apply(requests(WARM_UP, false));
        apply(requests(WARM_UP, true));
        Rounds inOrder = site.ofService();
        Rounds shuffled = site.ofService();
        List<byte[]> ordered = requests(PAYMENTS, false);
        inOrder.add(() -> apply(ordered));
        List<byte[]> mixed = requests(PAYMENTS, true);
        shuffled.add(() -> apply(mixed));
        inOrder.report(site.report(), "mix");
        shuffled.report(site.report(), "mix.shuffled");
        site.report().put("mix.ratio", inOrder.perSecond() / perSecond);
        site.report().put("mix.shuffled.ratio", shuffled.perSecond() / perSecond);
        site.report().put("mix.retried", Bookings.count(owner, RETRIED));
        Bookings.require(owner, PAID, paid);
        Bookings.require(owner, DONE, (long) paid * Mix.EVENTS);
        Bookings.require(owner, TROUBLED, 0);
        Bookings.require(owner, WRONG_BALANCES, 0);
        return inOrder.perSecond();
    }

    private List<byte[]> requests(int payments, boolean shuffled) {
        List<byte[]> requests = new ArrayList<>();
        waiting.subList(paid, paid + payments).forEach(booking -> requests.addAll(Mix.deliveries(booking)));
        paid += payments;
        if (shuffled) {
            Collections.shuffle(requests, new Random(SEED));
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
