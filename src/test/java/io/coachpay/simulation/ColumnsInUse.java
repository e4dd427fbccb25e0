package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;

/**
 * Columns that are empty in every row once stories have been told: nothing writes them, and nobody would miss them. The
 * stories' database is the place to look, for there the service alone has written all rows; tests of the tables write rows by
 * hand.
 */
final class ColumnsInUse {

    private static final String COLUMNS = """
            select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
              from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname !~ '^databasechangelog'
             order by 1, 2""";

    /** Columns that may be empty here, each group with the reason. Stories may fill one now and then. */
    private static final String ALLOWED = """
            # Tables that are there for the release before, and those of companies, which have no door yet.
            balance_imports.* event_marks.* payout_listings.* organizations.* organization_members.*
            stripe_customers.organization_id stripe_customers.customer_metadata payment_methods.organization_id
            payment_method_setups.organization_id subscriptions.organization_id invoices.organization_id
            # The sandbox has no wallets, and no proxy says where stories come from: StripeObjectsTest, CardLimitBooksTest.
            payment_methods.wallet payment_method_setups.client_address card_declines.client_address payment_addresses.*
            # No door yet erases a person; and what a package is for may be noted by SQL.
            users.erased_at credit_packages.metadata
            # No story tells its tax ids, and few an address: BillingDetailsTest.
            stripe_customers.billing_address customer_tax_ids.*
            # Subscriptions of stories that are over have ended, and nothing of them is under way: SubscriptionHandlerTest,
            # PlanChangingTest, SubscriptionMoneyTest.
            subscriptions.check_at subscriptions.wanted_price_id subscriptions.prorated_at subscriptions.change_attempt
            subscriptions.pending_price_id subscriptions.pending_expires_at subscriptions.past_due_since
            subscriptions.default_payment_method invoices.check_at invoices.next_payment_attempt credit_notes.check_at
            # Plans of stories are neither described nor replaced: PlanResourceTest, PlansAtStripeTest. Nobody changes the portal
            # at Stripe: BillingPortalTest. Stripe finalizes all invoices: TaxedSubscriptionTest. It refuses hardly a credit note:
            # InvoiceRulesTest. No invoice is due later than at once: StripeObjectsTest.
            subscription_plans.description subscription_plans.replaces subscription_plans.push_tried_at
            billing_portal_configurations.altered_at invoice_logs.failure_code invoice_logs.failure_message
            credit_notes.failure_code invoices.due_date
            # A story lifts the limit that it sets.
            credit_capacity.limit_amount
            # Stories rename packages by SQL alone, which tells Stripe nothing: ProductsAtStripeTest, CreditPackageResourceTest.
            credit_packages.push_tried_at
            # Set by the scheduler's library.
            scheduled_tasks.last_failure scheduled_tasks.last_heartbeat scheduled_tasks.picked_by scheduled_tasks.priority
            scheduled_tasks.task_data
            # Set while something is under way; stories come to rest, and what listings and comparisons resume is done.
            disputes.check_at payment_methods.check_at payment_method_setups.check_at stripe_customers.wanted_default
            refunds.check_at transactions.check_at transfer_steps.check_at payouts.fee_check_at
            stripe_balance_transactions.book_at stripe_connected_accounts.charge_check_at
            stripe_connected_accounts.payouts_asked_next reconciliation_runs.step reconciliation_runs.sweep_at
            stripe_cursors.listing_from stripe_cursors.requested_at stripe_cursors.resume_after stripe_cursors.types_left
            stripe_cursors.compared_at subscriptions.change_ends_trial
            # A person decides or asks, which journeys do: GivenUpRefundTest, EvidenceTest, OpenFindingsTest, PayoutRequestTest,
            # ReconciliationTest, CoachProfileResourceTest.
            refunds.decided_at refunds.decided_by refunds.decision refunds.decision_reason refunds.request_id
            transfer_steps.decided_at transfer_steps.decided_by transfer_steps.decision
            disputes.evidence disputes.evidence_submitted_at disputes.submission_asked_at disputes.submitted_by
            reconciliation_findings.note reconciliation_findings.noted_by reconciliation_runs.requested_by
            payouts.request_id coach_profiles.headline
            # Failures and rare turns that no story, or hardly one, meets, but journeys do: PayoutOutcomeTest, PayoutFeeTest,
            # HeldPaymentTest, GivingUpTest, RefundFailureTest, RefusedPaymentTest, RefusedAddressTest, ReconnectedTest,
            # AdjustmentTest, OpenFindingsTest, TransferRequestsTest, GoneCustomerTest, SavedCardSubscribingTest.
            adjustments.* reconciliation_findings.looked_at transfer_steps.transfer_id
            payouts.failure_code payouts.failure_message payouts.fallback_reason payouts.fee_refusal payout_items.released_at
            payouts.stripe_fee_payment_id payouts.stripe_fee_transfer_id payout_marks.period payout_marks.not_before
            refunds.coach_short_since refunds.pending_reason refunds.failure_code refunds.failure_message refunds.repaid
            transactions.failure_withheld transactions.held_at transactions.mismatch transactions.late_at transactions.refused_at
            transfer_steps.failure_code transfer_steps.failure_message transfer_steps.dispute_id disputes.evidence_due_by
            stripe_balance_transactions.problem unreadable_lines.* reconciliation_runs.failure stripe_events.error
            stripe_cursors.failed_since stripe_cursors.failure
            stripe_connected_accounts.charge_refusal stripe_connected_accounts.charge_refused_at
            stripe_connected_accounts.replaced_accounts stripe_connected_accounts.reconnected_at
            stripe_connected_accounts.payouts_tried_at stripe_customers.push_tried_at stripe_customers.refused_name
            stripe_customers.refused_email stripe_customers.former_customers subscriptions.missing_at
            # Days that are over, payouts by the calendar, removed cards (of which there are few) and what people write at Stripe:
            # stories are too short.
            ledger_daily_totals.* payouts.period payment_methods.detached_at payment_methods.removal_asked_at
            stripe_connected_accounts.business_profile
            """;

    private ColumnsInUse() {
    }

    /** Empty columns that no reason explains, and reasons for columns that are there no more. */
    static List<String> withoutWriter() {
        Set<String> allowed = ALLOWED.lines().filter(line -> !line.startsWith("#")).flatMap(line -> Stream.of(line.split(" ")))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> wrong = empty();
        wrong.removeAll(allowed);
        OwnerSql.rows(COLUMNS).forEach(column -> {
            allowed.remove(column.get("table") + "." + column.get("column"));
            allowed.remove(column.get("table") + ".*");
        });
        wrong.addAll(allowed);
        return wrong;
    }

    /** Each empty column as {@code table.column}; all columns of an empty table as {@code table.*}. */
    private static List<String> empty() {
        Map<String, List<Map<String, @Nullable Object>>> tables = OwnerSql.rows(COLUMNS).stream()
                .collect(Collectors.groupingBy(column -> String.valueOf(column.get("table"))));
        List<String> empty = new ArrayList<>();
        for (String table : new TreeSet<>(tables.keySet())) {
            String filled = tables.getOrDefault(table, List.of()).stream().map(ColumnsInUse::filled)
                    .collect(Collectors.joining(", ", "select count(*) as rows, ", " from " + table));
            Map<String, @Nullable Object> counts = OwnerSql.rows(filled).get(0);
            if (Long.valueOf(0).equals(counts.remove("rows"))) {
                empty.add(table + ".*");
            } else {
                counts.forEach((column, count) -> {
                    if (Long.valueOf(0).equals(count)) {
                        empty.add(table + "." + column);
                    }
                });
            }
        }
        return empty;
    }

    private static String filled(Map<String, @Nullable Object> column) {
        String name = String.valueOf(column.get("column"));
        String nothing = switch (String.valueOf(column.get("type"))) {
            case "jsonb" -> " and " + name + "::text not in ('{}', '[]', 'null')";
            case "text[]" -> " and " + name + " <> '{}'";
            default -> "";
        };
        return "count(*) filter (where " + name + " is not null" + nothing + ") as " + name;
    }
}
