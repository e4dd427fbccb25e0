package io.coachpay.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The tables that a {@link History} fills, all at once, each over a connection of its own. No trigger fires and no key is
 * checked meanwhile, and indexes are made when all rows are there; checks of a row's own columns still hold.
 */
final class Tables implements AutoCloseable {

    private static final List<String> NAMES = List.of("ledger_entries", "stripe_balance_transactions", "ledger_journals",
            "transactions", "sessions", "transfers", "payout_items", "payouts", "refunds", "transfer_reversals", "fee_refunds",
            "ledger_accounts", "ledger_daily_totals", "coach_profiles", "stripe_connected_accounts", "stripe_cursors",
            "payout_marks", "users");
    private static final String ALL = String.join(", ", NAMES);
    private static final String INDEXES = """
            update pg_index set indisready = false
             where indrelid = any (string_to_array('%s', ', ')::regclass[])""".formatted(ALL);
    private static final String TOTALS = """
            insert into balance_import_totals (account, currency, net)
            select account, currency, sum(net) from stripe_balance_transactions group by account, currency""";
    private static final int AT_ONCE = 2;

    private final String url;
    private final List<Connection> connections = new ArrayList<>();
    private final List<Copy> copies = new ArrayList<>();

    private final Copy users;
    final Copy profiles;
    final Copy connectedAccounts;
    final Copy cursors;
    final Copy marks;
    final Copy sessions;
    final Copy transactions;
    final Copy transfers;
    final Copy refunds;
    final Copy reversals;
    final Copy feeRefunds;
    final Copy payouts;
    final Copy payoutItems;
    final Copy accounts;
    final Copy dailyTotals;
    final Copy journals;
    final Copy entries;
    final Copy balanceTransactions;

    /** Empties the tables of a migrated database, and opens them. */
    Tables(String url) throws SQLException {
        this.url = url;
        try (Connection administrator = connect(); Statement statement = administrator.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("truncate " + ALL + " cascade");
            statement.execute(INDEXES);
        }
        users = open("users", "id,oidc_subject,email,name,token_email,token_name,created_at");
        profiles = open("coach_profiles", "id,user_id,hourly_rate,currency,payout_schedule,minimum_payout,total_earnings,"
                + "available_balance,pending_balance,created_at");
        connectedAccounts = open("stripe_connected_accounts", "id,user_id,stripe_account_id,payouts_enabled,details_submitted,"
                + "charges_enabled,transfers_enabled,payouts_manual,country,default_currency,settled_currencies,"
                + "requires_onboarding,business_type,created_at");
        cursors = open("stripe_cursors", "id,listing,account,listed_until,next_at,compared_at");
        marks = open("payout_marks", "id,user_id,currency,payout_schedule,time_zone,period,allocated_to");
        sessions = open("sessions", "id,mentee_id,coach_id,starts_at,ends_at,status,price_amount,currency,platform_fee_amount,"
                + "coach_payout_amount,payment_status,stripe_payment_intent_id,hourly_rate,platform_fee_percentage,cancelled_at,"
                + "cancelled_by,completed_at,created_at,updated_at");
        transactions = open("transactions", "id,type,status,method,amount,currency,platform_fee,coach_payout,refunded_amount,"
                + "payer_id,coach_id,session_id,destination_account,completed_at,stripe_payment_intent_id,stripe_charge_id,"
                + "stripe_application_fee_id,stripe_transfer_id,stripe_customer_id,payment_method_type,description,created_at,"
                + "updated_at");
        transfers = open("transfers", "id,transaction_id,connected_account_id,purpose,stripe_transfer_id,"
                + "stripe_destination_payment_id,amount,currency,created_at,updated_at");
        refunds = open("refunds", "id,transaction_id,stripe_refund_id,amount,currency,status,reason,created_at,updated_at");
        reversals = open("transfer_reversals", "id,transfer_id,refund_id,stripe_reversal_id,"
                + "stripe_destination_payment_refund_id,amount,currency,occurred_at,created_at,updated_at");
        feeRefunds = open("fee_refunds", "id,transaction_id,stripe_fee_refund_id,stripe_application_fee_id,amount,currency,"
                + "occurred_at,created_at,updated_at");
        payouts = open("payouts", "id,user_id,connected_account_id,stripe_payout_id,amount,currency,status,initiated_by,period,"
                + "requested_at,arrival_date,failure_code,created_at,updated_at,released_until");
        payoutItems = open("payout_items", "id,payout_id,entry_id,amount,currency,released_at,created_at,updated_at");
        accounts = open("ledger_accounts", "id,kind,owner_id,currency,balance,lines,created_at");
        dailyTotals = open("ledger_daily_totals", "id,account_id,day,amount,entries,updated_at");
        journals = open("ledger_journals", "id,kind,reference,transaction_id,occurred_at,created_at");
        entries = open("ledger_entries",
                "id,journal_id,account_id,currency,amount,balance_before,balance_after,line,created_at");
        balanceTransactions = open("stripe_balance_transactions", "id,account,stripe_balance_transaction_id,type,"
                + "reporting_category,source,amount,fee,net,currency,created,available_on,fact_journal_id,journal_id,updated_at");
    }

    private Copy open(String table, String columns) throws SQLException {
        Connection connection = connect();
        connections.add(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("set synchronous_commit = off");
        }
        Copy copy = new Copy(connection, table, columns);
        copies.add(copy);
        return copy;
    }

    /** A person whose tokens say nothing new. */
    void person(UUID id, String subject, long since) throws SQLException {
        String email = subject + "@example.com";
        users.uuid(id).text(subject).text(email).text(subject).text(email).text(subject).time(since).end();
    }

    /** Waits until all rows are in, makes the indexes and analyzes; returns how many rows there are. */
    long finish() throws Exception {
        long rows = 0;
        for (Copy copy : copies) {
            rows += copy.close();
        }
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            NAMES.forEach(table -> work.add(() -> finish(table)));
            for (Future<Void> table : workers.invokeAll(work)) {
                table.get();
            }
        } finally {
            workers.shutdownNow();
        }
        try (Connection administrator = connect(); Statement statement = administrator.createStatement()) {
            statement.execute(TOTALS);
            statement.execute("analyze balance_import_totals");
        }
        return rows;
    }

    private Void finish(String table) throws SQLException {
        try (Connection administrator = connect(); Statement statement = administrator.createStatement()) {
            statement.execute("set maintenance_work_mem = '512MB'");
            statement.execute("vacuum (freeze, index_cleanup off) " + table);
            statement.execute("reindex table " + table);
            statement.execute("analyze " + table);
        }
        return null;
    }

    /** As the server's superuser, the only one that may set triggers aside. */
    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", "");
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
