package io.coachpay.database;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;

/** Rows to begin a story with, written as the service writes them. */
final class Rows {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private Rows() {
    }

    /** An id as Stripe would give it: the prefix and something of its own. */
    static String stripeId(String prefix) {
        return prefix + "_" + UUID.randomUUID().toString().replace("-", "");
    }

    static UUID user() throws SQLException {
        UUID id = UUID.randomUUID();
        insert("insert into users (id, oidc_subject, email, name) values (?, ?, ?, 'Somebody')",
                id, "subject-" + id, id + "@example.com");
        return id;
    }

    /** A coach who asks 100.00 USD an hour. */
    static UUID coach() throws SQLException {
        return coach("USD");
    }

    static UUID coach(String currency) throws SQLException {
        UUID user = user();
        insert("insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout) values (?, ?, 100, ?, 100)",
                UUID.randomUUID(), user, currency);
        return user;
    }

    static UUID connectedAccount(UUID coach) throws SQLException {
        return inserted(
                "insert into stripe_connected_accounts (id, user_id, stripe_account_id, country) values (?, ?, ?, 'US')",
                coach, stripeId("acct"));
    }

    /** A time that no other test has used. */
    static OffsetDateTime freshTime() {
        return OffsetDateTime.of(2030, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).plusHours(2 * NUMBERS.incrementAndGet());
    }

    /** 75 minutes for 125.00 USD, of which the coach gets 100.00. */
    static UUID session(UUID mentee, UUID coach) throws SQLException {
        return session(mentee, coach, freshTime(), "pending_payment");
    }

    static UUID session(UUID mentee, UUID coach, OffsetDateTime start, String status) throws SQLException {
        return inserted("""
                insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, status, price_amount, currency,
                  platform_fee_amount, coach_payout_amount, hourly_rate, platform_fee_percentage, hold_expires_at)
                values (?, ?, ?, ?, ?, ?, 125, 'USD', 25, 100, 100, 20, now() + interval '30 minutes')""",
                mentee, coach, start, start.plusMinutes(75), status);
    }

    static UUID transaction(UUID payer, UUID coach, UUID session) throws SQLException {
        return transaction(payer, coach, session, "pending");
    }

    static UUID transaction(UUID payer, UUID coach, UUID session, String status) throws SQLException {
        BigDecimal refunded = refunded(status);
        return inserted("""
                insert into transactions (id, type, status, method, amount, currency, platform_fee, coach_payout,
                  refunded_amount, payer_id, coach_id, session_id, destination_account)
                values (?, 'session_payment', ?, 'checkout', 125, 'USD', 25, 100, ?, ?, ?, ?, 'acct_1')""",
                status, refunded, payer, coach, session);
    }

    /** The amount of 125.00 that must have been refunded for a transaction to have this status. */
    static BigDecimal refunded(String status) {
        return switch (status) {
            case "refunded" -> new BigDecimal("125");
            case "partially_refunded" -> new BigDecimal("25");
            default -> BigDecimal.ZERO;
        };
    }

    static UUID refund(UUID transaction, String status) throws SQLException {
        return inserted(
                "insert into refunds (id, transaction_id, amount, currency, status, reason) values (?, ?, 25, 'USD', ?, 'late')",
                transaction, status);
    }

    static UUID transfer(UUID transaction, UUID account) throws SQLException {
        return inserted("""
                insert into transfers (id, transaction_id, connected_account_id, purpose, amount, currency)
                values (?, ?, ?, 'payment', 125, 'USD')""", transaction, account);
    }

    static UUID dispute(UUID transaction) throws SQLException {
        return inserted("""
                insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, opened_at)
                values (?, ?, ?, 125, 'USD', 'needs_response', 'general', now())""", transaction, stripeId("dp"));
    }

    static UUID transferStep(UUID transaction, String status) throws SQLException {
        return inserted("""
                insert into transfer_steps (id, transaction_id, kind, purpose, amount, currency, status)
                values (?, ?, 'transfer', 'refund_failed', 100, 'USD', ?)""", transaction, status);
    }

    static UUID payout(UUID coach, String status) throws SQLException {
        UUID account = UUID.fromString(Database.as(Caller.SERVICE, connection -> {
            Sql.run(connection, """
                    insert into stripe_connected_accounts (id, user_id, stripe_account_id, country)
                    values (gen_random_uuid(), ?, ?, 'US') on conflict (user_id) do nothing""", coach, stripeId("acct"));
            return Sql.value(connection, "select id from stripe_connected_accounts where user_id = ?", coach);
        }));
        return inserted("""
                insert into payouts (id, user_id, connected_account_id, amount, unallocated, currency, status, initiated_by,
                  requested_at, released_until) values (?, ?, ?, 100, 100, 'USD', ?, 'run', now(), now())""", coach, account,
                status);
    }

    /** Gives a payout of 100.00 this much of a line, and returns the item's id. */
    static UUID payoutItem(UUID payout, UUID entry, String amount) throws SQLException {
        return Database.as(Caller.SERVICE, connection -> {
            Sql.run(connection, "update payouts set unallocated = unallocated - ?::numeric where id = ?", amount, payout);
            return payoutItem(connection, payout, entry, amount);
        });
    }

    static UUID payoutItem(Connection connection, UUID payout, UUID entry, String amount) throws SQLException {
        UUID id = UUID.randomUUID();
        Sql.run(connection, """
                insert into payout_items (id, payout_id, entry_id, amount, currency) values (?, ?, ?, ?::numeric, 'USD')""",
                id, payout, entry, amount);
        return id;
    }

    /** Makes this much available to a coach, and returns the line's id. */
    static UUID available(UUID coach, String amount) throws SQLException {
        return available(coach, null, amount);
    }

    /** Makes this much available to a coach, for a payment, and returns the line's id. */
    static UUID available(UUID coach, @Nullable UUID transaction, String amount) throws SQLException {
        UUID journal = Database.as(Caller.SERVICE,
                connection -> post(connection, "test", "txn_" + UUID.randomUUID(), transaction,
                        line("external", null, new BigDecimal(amount).negate().toPlainString()),
                        line("coach_available", coach, amount)));
        return UUID.fromString(Sql.value(Caller.SERVICE,
                "select id from ledger_entries where journal_id = ? and line is not null", journal));
    }

    /** Books this much by hand for a coach, with its balance transaction and finding, and returns the adjustment's id. */
    static UUID adjustment(UUID coach, String amount) throws SQLException {
        return Database.as(Caller.SERVICE, connection -> {
            return adjustment(connection, adjusted(connection, coach, amount, amount, stripeId("tr")));
        });
    }

    /** A balance transaction of a coach's account that says one amount, and a journal that says another, or the same. */
    static UUID adjusted(Connection connection, UUID coach, String said, String booked) throws SQLException {
        return adjusted(connection, coach, said, booked, stripeId("py"));
    }

    /** A balance transaction about this object of Stripe's, and a journal. */
    static UUID adjusted(Connection connection, UUID coach, String said, String booked, @Nullable String source)
            throws SQLException {
        Sql.run(connection, """
                insert into stripe_connected_accounts (id, user_id, stripe_account_id, country)
                values (gen_random_uuid(), ?, ?, 'US') on conflict (user_id) do nothing""", coach, stripeId("acct"));
        String transaction = stripeId("txn");
        UUID journal = post(connection, "adjusted", transaction, line("coach_pending", coach, booked),
                line("external", null, new BigDecimal(booked).negate().toPlainString()));
        UUID line = UUID.randomUUID();
        Sql.run(connection,
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, source, amount, fee, net,
                          currency, created, available_on, fact_journal_id)
                        select ?, stripe_account_id, ?, 'payment', ?, ?::numeric, 0, ?::numeric, 'USD', now(), now(), ?
                          from stripe_connected_accounts where user_id = ?""",
                line, transaction, source, said, said, journal,
                coach);
        return line;
    }

    static UUID adjustment(Connection connection, UUID line) throws SQLException {
        UUID finding = UUID.randomUUID();
        Sql.run(connection, """
                insert into reconciliation_findings (id, account, kind, cause, since, seen_at)
                values (?, ?, 'unbooked', 'dashboard_action', now(), now())""", finding, stripeId("acct"));
        UUID administrator = UUID.fromString(Sql.value(connection, "select id from users limit 1"));
        UUID id = UUID.randomUUID();
        Sql.run(connection, """
                insert into adjustments (id, balance_transaction_id, journal_id, finding_id, source, reason, booked_by)
                select ?, id, fact_journal_id, ?, source, 'Goodwill', ? from stripe_balance_transactions where id = ?""", id,
                finding, administrator, line);
        return id;
    }

    /** Offers people a plan for 19.00 a month. */
    static UUID plan(String name) throws SQLException {
        UUID id = UUID.randomUUID();
        try (Connection owner = Database.owner()) {
            Sql.run(owner, """
                    insert into subscription_plans (id, product_id, name, audience, amount, currency, billing_interval, tier)
                    values (?, ?, ?, 'user', 19, 'USD', 'month', 'professional')""", id, id, name);
        }
        return id;
    }

    /** Lets a person subscribe, in that state. */
    static UUID subscription(UUID user, UUID plan, String status) throws SQLException {
        boolean known = !List.of("requested", "refused", "expired").contains(status);
        return inserted(
                """
                        insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id,
                          stripe_subscription_id, past_due_since, trial_days, success_url, cancel_url, page_expires_at)
                        values (?, ?, ?, ?, ?, 'cus_1', 'price_1', nullif(?, ''), case when ? = 'past_due' then now() end, 0, '/', '/', now())""",
                user, plan, plan, status,
                known ? stripeId("sub") : "", status);
    }

    /** An invoice of 19.00, of this state. */
    static UUID invoice(UUID user, String status) throws SQLException {
        return inserted(
                """
                        insert into invoices (id, user_id, stripe_invoice_id, stripe_customer_id, status, amount, currency, amount_due, issued_at)
                        values (?, ?, ?, 'cus_1', ?, 19, 'USD', 19, now())""",
                user, stripeId("in"), status);
    }

    /** A payment of an invoice, open or paid. */
    static UUID invoicePayment(UUID invoice, String status) throws SQLException {
        return inserted("""
                insert into invoice_payments (id, invoice_id, stripe_invoice_payment_id, type, stripe_payment_intent_id, amount,
                  currency, status, paid_at)
                values (?, ?, ?, 'payment_intent', ?, 19, 'USD', ?, case when ? = 'paid' then now() end)""", invoice,
                stripeId("inpay"), stripeId("pi"), status, status);
    }

    /** A credit note of 5.00, of this state. */
    static UUID creditNote(UUID invoice, String status) throws SQLException {
        boolean known = List.of("issued", "void").contains(status);
        UUID user = user();
        UUID coach = coach();
        UUID refund = refund(transaction(user, coach, session(user, coach), "completed"), "succeeded");
        return inserted(
                """
                        insert into credit_notes (id, invoice_id, refund_id, stripe_credit_note_id, status, amount, currency, after_payment)
                        values (?, ?, ?, nullif(?, ''), ?, 5, 'USD', 5)""",
                invoice, refund, known ? stripeId("cn") : "", status);
    }

    /** A setup that ended long ago. */
    static UUID oldSetup(UUID user) throws SQLException {
        return inserted("""
                insert into payment_method_setups (id, user_id, ui, status, stripe_customer_id, currency, created_at)
                values (?, ?, 'elements', 'canceled', 'cus_1', 'USD', now() - interval '60 days')""", user);
    }

    /** A setup of this state, which has saved something. */
    static UUID setup(UUID user, String status) throws SQLException {
        return inserted("""
                insert into payment_method_setups (id, user_id, ui, status, stripe_customer_id, stripe_payment_method_id,
                  currency, check_at)
                values (?, ?, 'elements', ?, 'cus_1', 'pm_1', 'USD',
                  case when ? in ('succeeded', 'canceled') then null else now() end)""", user, status, status);
    }

    /** Offers a package of 33 credits for 30.00. */
    static UUID creditPackage(String name) throws SQLException {
        UUID id = UUID.randomUUID();
        try (Connection owner = Database.owner()) {
            Sql.run(owner, "insert into credit_packages (id, name, amount, credit_amount) values (?, ?, 30, 33)", id, name);
        }
        return id;
    }

    /** A purchase of 33 credits for 30.00. */
    static UUID creditPurchase(UUID payer, String status) throws SQLException {
        return inserted("""
                insert into transactions (id, type, status, method, amount, currency, payer_id, package_id, package_name,
                  credit_amount, expires_at)
                values (?, 'credit_purchase', ?, 'checkout', 30, 'USD', ?, ?, 'Starter', 33, now() + interval '1 hour')""",
                status,
                payer, creditPackage("Starter"));
    }

    /** Gives a user credits by an administrator's hand, and returns the adjustment's id. */
    static UUID creditAdjustment(UUID user, String credits) throws SQLException {
        UUID journal = post(line("platform_promotions", null, "-" + credits), line("credits", user, credits));
        return inserted("""
                insert into credit_adjustments (id, user_id, amount, currency, reason, adjusted_by, journal_id)
                values (?, ?, ?::numeric, 'USD', 'Goodwill', ?, ?)""", user, credits, user, journal);
    }

    /** Inserts a row whose first column is a new id, and returns that id. */
    static UUID inserted(String statement, @Nullable Object... values) throws SQLException {
        UUID id = UUID.randomUUID();
        List<@Nullable Object> all = new ArrayList<>();
        all.add(id);
        all.addAll(List.of(values));
        insert(statement, all.toArray());
        return id;
    }

    static void insert(String statement, @Nullable Object... values) throws SQLException {
        Sql.run(Caller.SERVICE, statement, values);
    }

    /** One line of a journal; shared accounts have no owner. */
    record Line(String kind, @Nullable UUID owner, String currency, String amount) {
    }

    static Line line(String kind, @Nullable UUID owner, String amount) {
        return new Line(kind, owner, "USD", amount);
    }

    /** Posts a journal of its own kind of fact, as the service does, and returns its id. */
    static UUID post(Line... lines) throws SQLException {
        return Database.as(Caller.SERVICE, connection -> post(connection, "txn_" + UUID.randomUUID(), lines));
    }

    static UUID post(Connection connection, String reference, Line... lines) throws SQLException {
        return post(connection, "test", reference, null, lines);
    }

    static UUID post(Connection connection, String kind, String reference, Line... lines) throws SQLException {
        return post(connection, kind, reference, null, lines);
    }

    static UUID post(Connection connection, String kind, String reference, @Nullable UUID transaction, Line... lines)
            throws SQLException {
        Posting.Journal journal = new Posting.Journal(Ids.next(), kind, reference, transaction, List.of(lines));
        Posting.post(connection, List.of(journal));
        return journal.id();
    }

    /** The figures of a coach's profile: pending, available, total earnings. */
    static List<String> figures(UUID coach) throws SQLException {
        return Database.as(Caller.user(coach), connection -> List.of(Sql.value(connection, """
                select concat_ws(' ', trim_scale(pending_balance), trim_scale(available_balance), trim_scale(total_earnings))
                from coach_profiles where user_id = ?""", coach).split(" ")));
    }

    static String balance(String kind, UUID owner) throws SQLException {
        return Database.as(Caller.user(owner), connection -> Sql.value(connection,
                "select trim_scale(balance) from ledger_accounts where kind = ? and owner_id = ? and currency = 'USD'", kind,
                owner));
    }
}
