package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.coachpay.development.Postgres;

/** The columns that the service's roles may rewrite, and their rights beside tables. */
class GrantsTest {

    /**
     * Columns that the service can change, once a row is there. A new one is entered here, or frozen in
     * {@code db/rules/frozen.sql}. The figures of a payment, and those a payout was requested with, have rules of their own.
     */
    private static final String CHANGEABLE = """
            balance_imports
              compared_at failed_since failure failures imported_until listing_from moved_at next_at requested_at
              resume_after retry_at
            billing_portal_configurations
              altered_at attempt is_current stripe_configuration_id
            card_declines client_address
            checkout_sessions
              attempt expires_at reserved_credits status stripe_session_id
            coach_profiles
              currency headline hourly_rate minimum_payout payout_schedule platform_fee_percentage time_zone
            credit_notes
              after_payment amount attempt before_payment check_at failure_code number pdf status stripe_as_of
              stripe_credit_note_id
            credit_packages
              product_attempt product_sought_from product_status push_tried_at stripe_product_id
            customer_tax_ids
              removed_at stripe_as_of value verification
            disputes
              amount attempt check_at closed_at currency evidence evidence_due_by evidence_submitted_at reason
              status stripe_as_of submission_asked_at submitted_by withdrawn_amount
            event_marks
              failure failures lines listed_until listing_from moved_at next_at resume_after types_left
            invoice_payments
              amount booked paid_at status tax transaction_id
            invoices
              address_needed addresses_as_of amount amount_due amount_paid amount_remaining attempt attempt_count
              billing_reason check_at due_date ending_balance finalized_at invoice_pdf invoice_url lines_whole
              next_payment_attempt number paid_at paid_outside period_end period_start starting_balance status stripe_as_of
              stripe_told_at subscription_id subtotal tax
            ledger_daily_totals
              amount entries
            organization_members
              role
            organizations
              name subscription_tier
            payment_method_setups
              attempt check_at failure_code failure_message status stripe_as_of stripe_checkout_session_id stripe_customer_id
              stripe_payment_method_id stripe_setup_intent_id
            payment_methods
              attempt brand check_at detached_at expiry_month expiry_year fingerprint is_default last4 redisplay_due
              removal_asked_at stripe_as_of stripe_told_at type wallet
            payout_items
              amount released_at
            payout_listings
              failures listed_until next_at
            payout_marks
              allocated_to failures not_before payout_schedule period reason time_zone
            payouts
              amount arrival_date attempt check_at connected_account_id currency failure_code failure_message
              fallback_reason fee fee_attempt fee_check_at fee_refusal method released_until status
              stripe_fee_payment_id stripe_fee_transfer_id stripe_payout_id unallocated user_id
            reconciliation_findings
              amount cause details looked_at note noted_by resolved_at seen_at since stripe_id transaction_id
            reconciliation_runs
              accounts balance_transactions books_at drift failure finished_at open_findings status step sweep_at
              sweep_began
            refunds
              attempt borne_alone check_at coach_short_since decided_at decided_by decision decision_reason
              failure_code failure_message pending_reason repaid status stripe_refund_id
            sessions
              cancelled_at cancelled_by check_at completed_at hold_expires_at payment_status status
              stripe_payment_intent_id
            stripe_balance_transactions
              available_on book_at fact_journal_id ignored journal_id problem
            stripe_connected_accounts
              attempt bank_currencies business_profile business_type charge_check_at charge_refusal charge_refusals
              charge_refused_at charges_enabled country deauthorized_at default_currency details_submitted
              out_of_reach payouts_asked_next payouts_enabled payouts_manual payouts_tried_at reconnected_at
              replaced_accounts requirements requires_onboarding settled_currencies sought_from stripe_account_id
              stripe_as_of stripe_told_at transfers_enabled verification_status
            stripe_cursors
              compared_at failed_since failure failures lines listed_until listing_from moved_at next_at requested_at
              resume_after types_left
            stripe_customers
              attempt billing_address customer_email customer_metadata customer_name default_attempt default_if_none
              default_payment_method push_tried_at
              refused_email refused_name sought_from stripe_as_of stripe_customer_id stripe_told_at sync_status
              synced_at tax_exempt wanted_default
            stripe_events
              attempts error fetches next_attempt_at payload processed_at status
            subscription_plans
              is_active price_attempt price_sought_from price_status push_tried_at stripe_as_of stripe_price_id
              stripe_product_id
            subscriptions
              attempt cancel_at cancel_at_period_end canceled_at cancellation_reason change_attempt change_ends_trial check_at
              collection_paused current_period_end current_period_start default_payment_method ended_at is_surplus
              latest_invoice missing_at past_due_since payment_method pending_expires_at pending_price_id plan_id price_since
              prorated_at status stripe_as_of stripe_checkout_session_id stripe_price_id stripe_subscription_id
              stripe_told_at trial_end trial_product_ids trial_start wanted_price_id
            transactions
              amount attempt check_at coach_payout completed_at credits_taken_back currency customer_email
              decline_code deferred_credits description destination_account expires_at failure_code failure_message failure_withheld held_at late_at method mismatch
              payment_method_type platform_fee refund_due refund_due_reason refunded_amount
              refused_at status stripe_application_fee_id stripe_as_of stripe_charge_id stripe_checkout_session_id
              stripe_customer_id stripe_payment_intent_id stripe_payment_method_id stripe_transfer_id surplus
            transfer_reversals
              refund_id stripe_destination_payment_refund_id
            transfer_steps
              attempt check_at decided_at decided_by decision failure_code failure_message status stripe_id
            transfers
              stripe_destination_payment_id stripe_transfer_id
            unreadable_lines
              line problem
            users
              email erased_at name token_email token_name
            """;

    /** Columns that people and administrators can change themselves. */
    private static final String OF_PEOPLE = """
            app_admin coach_profiles
              currency headline hourly_rate minimum_payout payout_schedule platform_fee_percentage time_zone
            app_admin credit_capacity limit_amount
            app_admin credit_packages
              amount credit_amount currency description is_active name product_attempt product_sought_from
              product_status sort_order stripe_product_id
            app_admin idempotency_keys
              completed_at expires_at holder id locked_at request_hash response_body response_status
            app_admin subscription_plans
              credit_bonus_percentage description is_active name platform_fee_percentage price_attempt price_sought_from
              price_status sort_order stripe_as_of stripe_price_id stripe_product_id tier trial_days
            app_admin users email name
            app_user coach_profiles currency headline hourly_rate minimum_payout payout_schedule time_zone
            app_user idempotency_keys
              completed_at expires_at holder id locked_at request_hash response_body response_status
            app_user users email name
            """;

    /** Tables whose columns do not matter: libraries own their shape. */
    private static final String[] OF_LIBRARIES = { "scheduled_tasks", "rate_limit_buckets" };

    private static World world;
    private static Connection owner;

    @BeforeAll
    static void makeOneRowOfEverything() throws SQLException {
        world = World.create();
        owner = Database.owner();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        owner.close();
    }

    @Test
    void letsTheServiceRewriteWhatIsListedAndNothingElse() throws SQLException {
        assertThat(Sql.column(owner, """
                select c.relname || ' ' || string_agg(a.attname, ' ' order by a.attname)
                  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  left join pg_trigger t on t.tgrelid = c.oid and t.tgname = 'frozen' and t.tgenabled = 'O'
                 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname <> all (?)
                   and has_column_privilege('app_service', c.oid, a.attnum, 'update')
                   and a.attname <> 'updated_at' and a.attgenerated = '' and a.attnum <> all (coalesce(t.tgattr, '')::int2[])
                 group by c.relname order by 1""", (Object) OF_LIBRARIES)).isEqualTo(listed(CHANGEABLE));
    }

    @Test
    void letsPeopleRewriteWhatIsListedAndNothingElse() throws SQLException {
        assertThat(Sql.column(owner, """
                select r.rolname || ' ' || c.relname || ' ' || string_agg(a.attname, ' ' order by a.attname)
                  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  join pg_roles r on has_column_privilege(r.oid, c.oid, a.attnum, 'update')
                 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
                   and r.rolname in ('app_user', 'app_admin', 'analyst', 'coachpay_app')
                 group by r.rolname, c.relname order by 1""")).isEqualTo(listed(OF_PEOPLE));
    }

    @Test
    void letsThePayloadOfAnEventOnlyBeEmptied() throws SQLException {
        String event = " where " + world.row("stripe_events");

        assertThat(Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update stripe_events set payload = '{\"paid\":true}'" + event)))
                .isEqualTo("stripe_events_frozen");
        assertThat(Sql.run(Caller.SERVICE, "update stripe_events set payload = null" + event)).isOne();
    }

    @Test
    void keepsWhoPaidWhomWhatAndWhoLogsIn() {
        for (String attack : List.of("update transactions set payer_id = coach_id",
                "update transactions set coach_id = payer_id",
                "update sessions set price_amount = 1, platform_fee_amount = 0.2, coach_payout_amount = 0.8",
                "update sessions set mentee_id = (select id from users where id not in (mentee_id, coach_id) limit 1)",
                "update refunds set amount = 1",
                "update transfers set amount = 1", "update transfer_steps set amount = 1",
                "update stripe_balance_transactions set amount = 2, net = 2")) {
            String table = attack.split(" ")[1];
            assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, attack + " where " + world.row(table)))).as(attack)
                    .isEqualTo(table + "_frozen");
        }
        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update transactions set amount = 250, coach_payout = 225 where "
                        + world.row("transactions"))))
                .isEqualTo("transactions_keep_agreement");
        assertThat(Refusal
                .state(() -> Sql.run(Caller.SERVICE, "update users set oidc_subject = 'admin' where " + world.row("users"))))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void makesNoLargeObjects() throws SQLException {
        for (Caller caller : List.of(Caller.SERVICE, Caller.ANONYMOUS, Caller.NOBODY, world.caller("admin"))) {
            for (String attack : List.of("select lo_from_bytea(0, 'x')", "select lo_create(0)", "select lo_creat(-1)")) {
                assertThat(Refusal.state(() -> Sql.value(caller, attack))).as(attack).isEqualTo(Refusal.MISSING_RIGHT);
            }
        }
        assertThat(Sql.column(owner, """
                select oid::regprocedure from pg_proc where proname ~ '^(lo_|lowrite$|loread$)'
                   and pronamespace = 'pg_catalog'::regnamespace and has_function_privilege('coachpay_app', oid, 'execute')"""))
                .isEmpty();
    }

    @Test
    void makesNoTemporaryTables() {
        assertThat(Refusal.state(() -> Sql.run(Caller.SERVICE, "create temporary table mine (id int)")))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void reachesNoOtherDatabase() throws SQLException {
        Postgres server = Database.server();

        assertThat(Refusal.state(() -> DriverManager.getConnection(server.jdbcUrl("postgres"), server.application().user(),
                server.application().password()))).isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Sql.column(owner, """
                select datname from pg_database where datname in ('postgres', 'template0', 'template1')
                   and (datallowconn and has_database_privilege('coachpay_app', oid, 'connect')
                        or has_database_privilege('coachpay_app', oid, 'temporary'))"""))
                .isEmpty();
    }

    /** One line for each table: indented lines belong to the line before. */
    private static List<String> listed(String lines) {
        return lines.strip().replaceAll("\\n +", " ").lines().toList();
    }
}
