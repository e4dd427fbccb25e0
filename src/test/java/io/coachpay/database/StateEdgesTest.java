package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tries every status after every other. */
class StateEdgesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sessions     | pending_payment,confirmed,completed,cancelled,no_show,expired
            transactions | pending,processing,completed,failed,canceled,partially_refunded,refunded
            refunds      | requested,refused,pending,requires_action,succeeded,failed,canceled
            transfer_steps | requested,created,waiting_for_funds,refused
            subscriptions | requested,refused,expired,incomplete,incomplete_expired,trialing,active,past_due,unpaid,paused,canceled
            payouts      | requested,refused,pending,in_transit,paid,failed,canceled
            payment_method_setups | requested,open,succeeded,failed,canceled
            invoices     | draft,open,paid,uncollectible,void,deleted
            invoice_payments | open,paid,canceled
            credit_notes | requested,issued,void,refused
            """)
    void allowsListedEdgesAndNoOthers(String table, String statuses) throws SQLException {
        Set<String> allowed = new TreeSet<>();
        for (String from : statuses.split(",", -1)) {
            for (String to : statuses.split(",", -1)) {
                if (!from.equals(to) && goes(table, from, to)) {
                    allowed.add(from + ">" + to);
                }
            }
        }

        assertThat(allowed).containsExactlyInAnyOrderElementsOf(edges(table));
    }

    @Test
    void namesTheStatesThatAreFinal() throws SQLException {
        try (Connection owner = Database.owner()) {
            assertThat(Sql.column(owner,
                    """
                            select distinct table_name || '.' || to_status from state_edges e
                            where not exists (select from state_edges n where n.table_name = e.table_name and n.from_status = e.to_status)"""))
                    .containsExactlyInAnyOrder("sessions.completed", "sessions.cancelled", "sessions.no_show",
                            "refunds.failed", "refunds.canceled", "transfer_steps.created",
                            "subscriptions.canceled", "subscriptions.incomplete_expired",
                            "payouts.refused", "payouts.failed", "payouts.canceled",
                            "payment_method_setups.succeeded", "payment_method_setups.canceled",
                            "invoices.paid", "invoices.void", "invoices.deleted", "invoice_payments.paid",
                            "invoice_payments.canceled", "credit_notes.void");
        }
    }

    private static boolean goes(String table, String from, String to) throws SQLException {
        UUID row = row(table, from);
        String refusal = Refusal.constraint(() -> {
            if (table.equals("transactions")) {
                Sql.run(Caller.SERVICE, "update transactions set status = ?, refunded_amount = ? where id = ?",
                        to, Rows.refunded(to), row);
            } else if (table.equals("payment_method_setups")) {
                Sql.run(Caller.SERVICE, "update payment_method_setups set status = ?, check_at = case when ? in ('succeeded',"
                        + " 'canceled') then null else now() end where id = ?", to, to, row);
            } else if (table.equals("subscriptions")) {
                Sql.run(Caller.SERVICE, """
                        update subscriptions set status = ?, stripe_subscription_id = case
                          when ? in ('requested', 'refused', 'expired') then null
                          else coalesce(stripe_subscription_id, 'sub_' || replace(id::text, '-', '')) end,
                          past_due_since = case when ? = 'past_due' then now() end
                         where id = ?""", to, to, to, row);
            } else if (table.equals("invoice_payments")) {
                Sql.run(Caller.SERVICE, "update invoice_payments set status = ?, paid_at = case when ? = 'paid' then now() end"
                        + " where id = ?", to, to, row);
            } else if (table.equals("credit_notes")) {
                Sql.run(Caller.SERVICE, """
                        update credit_notes set status = ?, stripe_credit_note_id = case when ? in ('issued', 'void')
                          then coalesce(stripe_credit_note_id, 'cn_' || replace(id::text, '-', '')) end where id = ?""", to, to,
                        row);
            } else {
                Sql.run(Caller.SERVICE, "update " + table + " set status = ? where id = ?", to, row);
            }
        });
        assertThat(refusal).isIn("allowed", table + "_status_edge");
        return refusal.equals("allowed");
    }

    private static UUID row(String table, String status) throws SQLException {
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        if (table.equals("sessions")) {
            return Rows.session(mentee, coach, Rows.freshTime(), status);
        }
        if (table.equals("payment_method_setups")) {
            return Rows.setup(mentee, status);
        }
        if (table.equals("subscriptions")) {
            return Rows.subscription(mentee, Rows.plan("Pro"), status);
        }
        if (table.equals("invoices")) {
            return Rows.invoice(mentee, status);
        }
        if (table.equals("invoice_payments")) {
            return Rows.invoicePayment(Rows.invoice(mentee, "open"), status);
        }
        if (table.equals("credit_notes")) {
            return Rows.creditNote(Rows.invoice(mentee, "paid"), status);
        }
        UUID session = Rows.session(mentee, coach);
        if (table.equals("transactions")) {
            return Rows.transaction(mentee, coach, session, status);
        }
        UUID payment = Rows.transaction(mentee, coach, session, "completed");
        return switch (table) {
            case "refunds" -> Rows.refund(payment, status);
            case "transfer_steps" -> Rows.transferStep(payment, status);
            default -> Rows.payout(coach, status);
        };
    }

    private static List<String> edges(String table) throws SQLException {
        try (Connection owner = Database.owner()) {
            return Sql.column(owner, "select from_status || '>' || to_status from state_edges where table_name = ?", table);
        }
    }
}
