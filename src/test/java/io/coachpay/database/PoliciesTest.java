package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every table and every role: may it Select this row, Insert one like it, Update it, Delete it? */
class PoliciesTest {

    private static final String EXPECTED = """
            table                       mentee coach stranger anonymous admin service nobody
            users                       SU     -     -        -         S     SIU     -
            organizations               S      -     -        -         S     SIU     -
            organization_members        S      -     -        -         S     SIUD    -
            stripe_customers            S      -     -        -         S     SIU     -
            customer_tax_ids            S      -     -        -         S     SIU     -
            payment_methods             S      -     -        -         S     SIUD    -
            payment_method_setups       S      -     -        -         S     SIUD    -
            card_declines               -      -     -        -         -     SIUD    -
            payment_addresses           -      -     -        -         -     SID     -
            coach_profiles              -      SIU   -        -         SU    SIU     -
            stripe_connected_accounts   -      S     -        -         S     SIU     -
            sessions                    S      S     -        -         S     SIU     -
            transactions                S      S     -        -         S     SIU     -
            checkout_sessions           S      -     -        -         S     SIU     -
            credit_packages             S      S     S        S         SIU   SU      -
            subscriptions               S      -     -        -         S     SIU     -
            subscription_plans          S      S     S        S         SIU   SU      -
            invoices                    S      -     -        -         S     SIU     -
            invoice_lines               S      -     -        -         S     SID     -
            invoice_payments            S      -     -        -         S     SIU     -
            invoice_logs                -      -     -        -         S     SI      -
            credit_notes                S      -     -        -         S     SIU     -
            billing_portal_configurations -    -     -        -         S     SIU     -
            credit_capacity             -      -     -        -         SU    SU      -
            credit_adjustments          S      -     -        -         S     SI      -
            wallet_lines                S      -     -        -         S     S       -
            payment_logs                -      -     -        -         S     SI      -
            refunds                     S      S     -        -         S     SIU     -
            transfers                   -      S     -        -         S     SIU     -
            transfer_reversals          -      S     -        -         S     SIU     -
            fee_refunds                 -      S     -        -         S     SIU     -
            disputes                    -      S     -        -         S     SIU     -
            transfer_steps              -      S     -        -         S     SIU     -
            payouts                     -      S     -        -         S     SIU     -
            payout_items                -      S     -        -         S     SIU     -
            payout_marks                -      -     -        -         S     SIU     -
            payout_listings             -      -     -        -         S     SIU     -
            reconciliation_runs         -      -     -        -         S     SIU     -
            reconciliation_findings     -      -     -        -         S     SIU     -
            adjustments                 -      -     -        -         S     SI      -
            ledger_accounts             -      S     -        -         S     SI      -
            ledger_journals             -      S     -        -         S     SI      -
            ledger_entries              -      S     -        -         S     SI      -
            ledger_daily_totals         -      -     -        -         S     SIU     -
            ledger_balances             -      -     -        -         S     S       -
            stripe_events               -      -     -        -         S     SIU     -
            event_marks                 -      -     -        -         S     SIU     -
            stripe_cursors              -      -     -        -         S     SIU     -
            stripe_balance_transactions -      S     -        -         S     SIU     -
            past_time_zones             -      S     -        -         S     S       -
            unreadable_lines            -      -     -        -         S     SIUD    -
            balance_imports             -      -     -        -         S     SIU     -
            balance_import_totals       -      -     -        -         S     S       -
            idempotency_keys            SIUD   -     -        -         -     SD      -
            audit_log                   -      -     -        -         S     -       -
            scheduled_tasks             -      -     -        -         S     SIUD    -
            rate_limit_buckets          -      -     -        -         -     SIUD    -
            coaches                     S      S     S        S         S     S       -
            busy_times                  S      S     S        S         S     S       -
            payment_transactions        -      -     -        -         -     -       -
            user_credit_purchases       -      -     -        -         -     -       -
            user_balances               -      -     -        -         -     -       -
            balance_transactions        -      -     -        -         -     -       -
            """;

    private static World world;

    private static Connection application;

    private static Connection owner;

    @BeforeAll
    static void makeOneRowOfEverything() throws SQLException {
        world = World.create();
        owner = Database.owner();
        application = Database.application();
        application.setAutoCommit(false);
    }

    @AfterAll
    static void disconnect() throws SQLException {
        application.close();
        owner.close();
    }

    @TestFactory
    Stream<DynamicTest> opensEachTableToItsPeopleAlone() {
        List<String[]> lines = EXPECTED.lines().map(line -> line.split(" +", -1)).toList();
        String[] people = lines.get(0);
        return lines.stream().skip(1).map(line -> dynamicTest(line[0], () -> {
            Map<String, String> expected = new LinkedHashMap<>();
            Map<String, String> actual = new LinkedHashMap<>();
            for (int i = 1; i < people.length; i++) {
                expected.put(people[i], line[i]);
                actual.put(people[i], rights(line[0], world.caller(people[i])));
            }
            assertThat(actual).isEqualTo(expected);
        }));
    }

    @Test
    void knowsEveryTableAndView() throws SQLException {
        assertThat(Sql.column(owner, """
                select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')
                  and relname !~ '^databasechangelog' and relname <> 'state_edges'"""))
                .containsExactlyInAnyOrderElementsOf(EXPECTED.lines().skip(1).map(line -> line.split(" +", -1)[0]).toList());
    }

    private static String rights(String table, Caller caller) throws SQLException {
        String row = world.row(table);
        StringBuilder rights = new StringBuilder();
        if (may(caller, "select count(*) from " + table + " where " + row)) {
            rights.append('S');
        }
        if (world.isTable(table)) {
            List<String> insertable = columns(table, caller, "insert");
            String values = String.join(", ", insertable);
            if (may(caller,
                    "insert into " + table + " (" + values + ") select " + values + " from json_populate_record(null::" + table
                            + ", '" + world.json(table).replace("'", "''") + "')")) {
                rights.append('I');
            }
            String updatable = columns(table, caller, "update").get(0);
            if (may(caller, "update " + table + " set " + updatable + " = " + updatable + " where " + row)) {
                rights.append('U');
            }
            if (may(caller, "delete from " + table + " where " + row)) {
                rights.append('D');
            }
        }
        return rights.isEmpty() ? "-" : rights.toString();
    }

    /** The columns granted to a role; where none are, all, so that the attempt is refused for the right reason. */
    private static List<String> columns(String table, Caller caller, String privilege) throws SQLException {
        String all = """
                select attname from pg_attribute where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = ''
                """;
        String role = caller.role().equals("none") ? "coachpay_app" : caller.role();
        List<String> granted = Sql.column(owner,
                all + " and has_column_privilege(?, ?::regclass, attnum, ?) order by attnum",
                table, role, table, privilege);
        return granted.isEmpty() ? Sql.column(owner, all + " order by attnum", table) : granted;
    }

    /** Whether a row was reached. Another wall than a missing right means that the right was there. */
    private static boolean may(Caller caller, String statement) throws SQLException {
        try {
            caller.begin(application);
            if (statement.startsWith("select")) {
                return !Sql.value(application, statement).equals("0");
            }
            return Sql.run(application, statement) > 0;
        } catch (SQLException refusal) {
            if (List.of(Refusal.DUPLICATE, Refusal.MISSING_PARENT).contains(refusal.getSQLState())) {
                return true;
            }
            assertThat(refusal.getSQLState()).as("%s: %s", statement, refusal.getMessage()).isEqualTo(Refusal.MISSING_RIGHT);
            return false;
        } finally {
            application.rollback();
        }
    }

    @Test
    void letsNobodyTakeOverSomebodyElsesRow() throws SQLException {
        var bob = world.caller("stranger");
        var alice = world.caller("mentee");

        assertThat(Refusal.state(() -> Sql.run(bob, """
                insert into idempotency_keys (id, user_id, key, request_hash, expires_at)
                values (gen_random_uuid(), ?::uuid, 'k', 'h', now())""", alice.userId()))).isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(alice, "update idempotency_keys set user_id = ?::uuid", bob.userId())))
                .isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(alice, "update users set oidc_subject = 'admin'")))
                .isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(world.caller("coach"), "update coach_profiles set platform_fee_percentage = 0")))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void showsEachSideOnlyItsOwnRows() throws SQLException {
        for (String table : List.of("sessions", "transactions", "refunds", "ledger_entries", "ledger_journals",
                "stripe_customers")) {
            assertThat(Sql.value(world.caller("stranger"), "select count(*) from " + table)).as(table).isEqualTo("0");
        }
        assertThat(Sql.value(world.caller("mentee"), "select count(*) from sessions")).isEqualTo("1");
    }

    @Test
    void showsTheLedgersFiguresToAnalystsButNoAddresses() throws SQLException {
        var server = Database.server();
        try (Connection connection = Database.connect(server.jdbcUrl(),
                new io.coachpay.development.Postgres.Login("postgres", ""))) {
            Sql.run(connection, "set role analyst");

            assertThat(Integer.parseInt(Sql.value(connection, "select count(*) from ledger_entries"))).isPositive();
            assertThat(Integer.parseInt(Sql.value(connection, "select count(user_id) from users"))).isPositive();
            for (String attack : Arrays.asList("select email from users", "select customer_email from transactions",
                    "select * from stripe_events",
                    "select * from idempotency_keys",
                    "update transactions set amount = 1", "delete from ledger_accounts")) {
                assertThat(Refusal.state(() -> Sql.run(connection, attack))).as(attack).isEqualTo(Refusal.MISSING_RIGHT);
            }
        }
    }

    @Test
    void forgetsRoleAndUserAtTheTransactionsEnd() throws SQLException {
        List<String> seen = new ArrayList<>();
        try (Connection connection = Database.application()) {
            connection.setAutoCommit(false);
            world.caller("mentee").begin(connection);
            seen.add(Sql.value(connection, "select count(*) from sessions"));
            connection.commit();

            assertThat(Refusal.state(() -> Sql.value(connection, "select count(*) from sessions")))
                    .isEqualTo(Refusal.MISSING_RIGHT);
            connection.rollback();
            seen.add(Sql.value(connection, "select current_user || coalesce(app_user_id()::text, '')"));
        }
        assertThat(seen).containsExactly("1", "coachpay_app");
    }
}
