package io.coachpay.database;

import static io.coachpay.database.Rows.line;
import static io.coachpay.database.Rows.stripeId;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** One row of every table, of a mentee and a coach who met once. */
final class World {

    private final Map<String, Caller> callers = new LinkedHashMap<>();
    private final Map<String, String> rows = new LinkedHashMap<>();

    private World() {
    }

    static World create() throws SQLException {
        World world = new World();
        UUID alice = Rows.user();
        UUID carol = Rows.coach();
        world.callers.put("mentee", Caller.user(alice));
        world.callers.put("coach", Caller.user(carol));
        world.callers.put("stranger", Caller.user(Rows.user()));
        world.callers.put("anonymous", Caller.ANONYMOUS);
        world.callers.put("admin", Caller.admin(Rows.user()));
        world.callers.put("service", Caller.SERVICE);
        world.callers.put("nobody", Caller.NOBODY);
        world.row("users", alice);
        world.rows.put("coach_profiles", "user_id = '" + carol + "'");
        world.rows.put("coaches", "id = '" + carol + "'");
        world.rows.put("busy_times", "coach_id = '" + carol + "'");
        world.addPeople(alice);
        world.addPayment(alice, carol);
        world.addLedger(carol);
        world.addHousekeeping(alice);
        return world;
    }

    private void addPeople(UUID alice) throws SQLException {
        UUID organization = row("organizations", Rows.inserted("insert into organizations (id, name) values (?, 'Acme')"));
        row("organization_members", Rows.inserted(
                "insert into organization_members (id, organization_id, user_id, role) values (?, ?, ?, 'owner')", organization,
                alice));
        UUID customer = row("stripe_customers",
                Rows.inserted("insert into stripe_customers (id, organization_id) values (?, ?)", organization));
        rows.put("audit_log", "row_id = '" + customer + "'");
        row("customer_tax_ids", Rows.inserted("""
                insert into customer_tax_ids (id, customer_id, stripe_tax_id, type, value, verification, stripe_as_of)
                values (?, ?, ?, 'eu_vat', 'DE123456789', 'pending', now())""", customer, stripeId("txi")));
        row("payment_method_setups", Rows.oldSetup(alice));
        row("card_declines", Rows.inserted("""
                insert into card_declines (id, user_id, stripe_id, created_at) values (?, ?, ?, now() - interval '2 days')""",
                alice, stripeId("ch")));
        row("payment_methods", Rows.inserted(
                "insert into payment_methods (id, user_id, stripe_payment_method_id, type) values (?, ?, ?, 'card')", alice,
                stripeId("pm")));
    }

    private void addPayment(UUID alice, UUID carol) throws SQLException {
        UUID account = row("stripe_connected_accounts", Rows.connectedAccount(carol));
        UUID session = row("sessions", Rows.session(alice, carol));
        UUID payment = row("transactions", Rows.transaction(alice, carol, session));
        row("checkout_sessions", Rows.inserted("""
                insert into checkout_sessions (id, mode, user_id, transaction_id, success_url, cancel_url)
                values (?, 'payment', ?, ?, '/', '/')""", alice, payment));
        row("payment_logs",
                Rows.inserted("insert into payment_logs (id, transaction_id, event) values (?, ?, 'created')", payment));
        row("credit_adjustments", Rows.creditAdjustment(alice, "12.5"));
        row("billing_portal_configurations", Rows.inserted(
                "insert into billing_portal_configurations (id, audience, offer) values (?, 'user', ?)",
                "prod_1 " + UUID.randomUUID()));
        row("subscriptions", Rows.subscription(alice, row("subscription_plans", Rows.plan("Professional")), "requested"));
        UUID invoice = row("invoices", Rows.invoice(alice, "open"));
        row("invoice_lines", Rows.inserted("""
                insert into invoice_lines (id, invoice_id, position, stripe_line_id, amount, currency)
                values (?, ?, 0, ?, 19, 'USD')""", invoice, stripeId("il")));
        row("invoice_payments", Rows.invoicePayment(invoice, "open"));
        row("invoice_logs", Rows.inserted("""
                insert into invoice_logs (id, invoice_id, event, status_after) values (?, ?, 'invoice.finalized', 'open')""",
                invoice));
        row("credit_notes", Rows.creditNote(invoice, "issued"));
        row("payment_addresses", Rows.inserted("""
                insert into payment_addresses (id, transaction_id, client_address, created_at)
                values (?, ?, '203.0.113.7', now() - interval '2 days')""", payment));
        rows.put("payment_transactions", "payment_id = '" + payment + "'");
        for (String view : List.of("user_credit_purchases", "user_balances", "balance_transactions", "wallet_lines")) {
            rows.put(view, "user_id = '" + alice + "'");
        }
        row("refunds", Rows.refund(payment, "requested"));
        UUID transfer = row("transfers", Rows.transfer(payment, account));
        row("transfer_reversals", Rows.inserted("""
                insert into transfer_reversals (id, transfer_id, stripe_reversal_id, amount, currency, occurred_at)
                values (?, ?, ?, 1, 'USD', now())""", transfer, stripeId("trr")));
        row("disputes", Rows.dispute(payment));
        row("transfer_steps", Rows.transferStep(payment, "requested"));
        row("fee_refunds",
                Rows.inserted(
                        """
                                insert into fee_refunds (id, transaction_id, stripe_fee_refund_id, stripe_application_fee_id, amount, currency, occurred_at)
                                values (?, ?, ?, 'fee_1', 1, 'USD', now())""",
                        payment, stripeId("fr")));
    }

    private void addLedger(UUID carol) throws SQLException {
        UUID journal = row("ledger_journals", Rows.post(line("external", null, "-1"), line("coach_available", carol, "1")));
        rows.put("ledger_accounts", "owner_id = '" + carol + "'");
        rows.put("ledger_balances", "owner_id = '" + carol + "'");
        rows.put("ledger_entries", "journal_id = '" + journal + "' and line is not null");
        row("ledger_daily_totals", Rows.inserted("""
                insert into ledger_daily_totals (id, account_id, day, amount, entries)
                select ?, id, '2020-01-01', 1, 1 from ledger_accounts where owner_id = ?""", carol));
        UUID payout = row("payouts", Rows.payout(carol, "requested"));
        UUID line = UUID.fromString(Sql.value(Caller.SERVICE,
                "select id from ledger_entries where journal_id = ? and line is not null", journal));
        row("payout_items", Rows.payoutItem(payout, line, "1"));
        row("payout_marks", Rows.inserted("""
                insert into payout_marks (id, user_id, currency, payout_schedule, time_zone)
                values (?, ?, 'USD', 'instant', 'UTC')""", carol));
        row("payout_listings", Rows.inserted("""
                insert into payout_listings (id, connected_account_id, next_at)
                select ?, id, now() from stripe_connected_accounts where user_id = ?""", carol));
        row("reconciliation_runs",
                Rows.inserted("insert into reconciliation_runs (id, status, started_at) values (?, 'done', now())"));
        row("reconciliation_findings", Rows.inserted("""
                insert into reconciliation_findings (id, account, kind, cause, since, seen_at)
                values (?, ?, 'unbooked', 'unknown', now(), now())""", stripeId("acct")));
        row("stripe_events", Rows.inserted("""
                insert into stripe_events (id, event_id, endpoint, type, created, livemode, payload)
                values (?, ?, 'platform', 'charge.succeeded', now(), false, '{}')""", stripeId("evt")));
        row("stripe_cursors",
                Rows.inserted("insert into stripe_cursors (id, listing, account) values (?, 'payouts', ?)", stripeId("acct")));
        row("event_marks", Rows.inserted("insert into event_marks (id, account) values (?, ?)", stripeId("acct")));
        row("stripe_balance_transactions", Rows.inserted("""
                insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net,
                  currency, created, available_on)
                select ?, stripe_account_id, ?, 'payment', 1, 0, 1, 'USD', now(), now()
                  from stripe_connected_accounts where user_id = ?""", stripeId("txn"), carol));
        rows.put("balance_import_totals",
                "account = (select stripe_account_id from stripe_connected_accounts where user_id = '" + carol + "')");
        Rows.insert("update coach_profiles set time_zone = 'Asia/Tokyo' where user_id = ?", carol);
        rows.put("past_time_zones", "user_id = '" + carol + "'");
        row("unreadable_lines", Rows.inserted("""
                insert into unreadable_lines (id, account, stripe_id, problem, line) values (?, 'platform', ?, 'odd', '{}')""",
                stripeId("txn")));
        row("adjustments", Rows.adjustment(Rows.coach(), "1"));
        row("credit_packages", Rows.creditPackage("Starter"));
        rows.put("credit_capacity", "currency = 'USD'");
        row("balance_imports", Rows.inserted("insert into balance_imports (id, account) values (?, ?)", stripeId("acct")));
    }

    private void addHousekeeping(UUID alice) throws SQLException {
        String name = UUID.randomUUID().toString();
        Sql.run(Caller.user(alice), """
                insert into idempotency_keys (id, user_id, key, request_hash, expires_at)
                values (gen_random_uuid(), ?, 'key', 'hash', now())""", alice);
        String id = Sql.value(Caller.user(alice), "select id from idempotency_keys");
        rows.put("idempotency_keys", "id = '" + id + "'");
        Rows.insert(
                "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version) values (?, '', now(), false, 1)",
                name);
        rows.put("scheduled_tasks", "task_name = '" + name + "'");
        Rows.insert("insert into rate_limit_buckets (id) values (?)", name);
        rows.put("rate_limit_buckets", "id = '" + name + "'");
    }

    private UUID row(String table, UUID id) {
        rows.put(table, "id = '" + id + "'");
        return id;
    }

    Caller caller(String name) {
        return Objects.requireNonNull(callers.get(name), name);
    }

    /** The condition that finds this table's row. */
    String row(String table) {
        return Objects.requireNonNull(rows.get(table), table);
    }

    boolean isTable(String name) throws SQLException {
        try (Connection owner = Database.owner()) {
            return Sql.value(owner, "select relkind from pg_class where oid = ?::regclass", name).equals("r");
        }
    }

    /** The row itself, as the owner sees it. */
    String json(String table) throws SQLException {
        try (Connection owner = Database.owner()) {
            return Sql.value(owner, "select row_to_json(t) from " + table + " t where " + row(table));
        }
    }
}
