package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.OwnerSql;

/** Invoices, their lines, payments and credit notes are Stripe's, and each payment is in the books once, with its tax. */
public final class InvoiceChecks {

    private static final Fields INVOICES = new Fields("stripe_invoice_id").plain("status", "/status").plain("number", "/number")
            .plain("stripe_customer_id", "/customer").plain("billing_reason", "/billing_reason")
            .plain("stripe_subscription_id", "/parent/subscription_details/subscription").cents("subtotal", "/subtotal")
            .cents("amount", "/total").cents("amount_due", "/amount_due").cents("amount_paid", "/amount_paid")
            .cents("amount_remaining", "/amount_remaining").cents("paid_outside", "/amount_paid_off_stripe")
            .cents("starting_balance", "/starting_balance").cents("ending_balance", "/ending_balance")
            .cents("tax", "/coachpay_tax").plain("attempt_count", "/attempt_count")
            .time("next_payment_attempt", "/coachpay_next").time("period_start", "/period_start")
            .time("period_end", "/period_end").time("issued_at", "/created")
            .time("finalized_at", "/status_transitions/finalized_at").time("paid_at", "/coachpay_paid")
            .plain("invoice_pdf", "/invoice_pdf");
    private static final String INVOICE_ROWS = "from invoices where user_id = any (?::uuid[]) and status <> 'deleted'";
    private static final Fields LINES = new Fields("l.stripe_line_id").plain("i.stripe_invoice_id", "/coachpay_invoice")
            .plain("l.position", "/coachpay_position").cents("l.amount", "/amount").plain("l.quantity", "/quantity")
            .time("l.period_start", "/period/start").time("l.period_end", "/period/end")
            .plain("l.stripe_price_id", "/pricing/price_details/price").plain("l.description", "/description");
    private static final Fields PAYMENTS = new Fields("p.stripe_invoice_payment_id").plain("i.stripe_invoice_id", "/invoice")
            .plain("p.status", "/status").plain("p.type", "/payment/type")
            .plain("p.stripe_payment_intent_id", "/payment/payment_intent").cents("p.amount", "/coachpay_amount")
            .time("p.paid_at", "/status_transitions/paid_at");
    private static final Fields NOTES = new Fields("n.stripe_credit_note_id").plain("i.stripe_invoice_id", "/invoice")
            .plain("n.status", "/status").plain("n.number", "/number").cents("n.amount", "/amount")
            .cents("n.before_payment", "/pre_payment_amount").cents("n.after_payment", "/post_payment_amount");
    private static final String OF_INVOICES = " join invoices i on i.id = %s.invoice_id where i.user_id = any (?::uuid[])";

    private static final String STORY = """
            with bills as (select * from invoices where user_id = any (?::uuid[])),
                 payments as (select p.*, t.status as state, t.amount as charged, t.refunded_amount, t.completed_at from invoice_payments p
                                join bills b on b.id = p.invoice_id left join transactions t on t.id = p.transaction_id),
                 entries as (select j.transaction_id, j.kind, a.kind as account, e.amount from ledger_journals j
                               join ledger_entries e on e.journal_id = j.id join ledger_accounts a on a.id = e.account_id
                              where j.transaction_id in (select transaction_id from payments))
            """;
    private static final Map<String, String> AT_REST = atRest();

    private InvoiceChecks() {
    }

    static List<String> broken(Stage stage) {
        List<String> broken = new ArrayList<>(mirrored(stage.people(), path -> stage.told(path).body()));
        AT_REST.forEach((promise, query) -> OwnerSql.rows(STORY + query, stage.people())
                .forEach(row -> broken.add(promise + ": " + row)));
        return broken;
    }

    /**
     * Fields that differ between these people's invoices, with what belongs to them, and Stripe's.
     *
     * @param told the sandbox's answer at a path
     */
    public static List<String> mirrored(String people, Function<String, JsonNode> told) {
        Map<String, String> invoices = new TreeMap<>();
        Map<String, String> lines = new TreeMap<>();
        Map<String, String> payments = new TreeMap<>();
        Map<String, String> notes = new TreeMap<>();
        Map<String, String> charged = new TreeMap<>();
        for (String customer : SubscriptionChecks.customers(people).keySet()) {
            for (JsonNode invoice : list(told, "/v1/invoices?limit=100&customer=" + customer)) {
                String id = invoice.path("id").asText();
                invoices.put(id, INVOICES.of(plainly((ObjectNode) invoice)));
                int position = 0;
                for (JsonNode line : invoice.path("lines").path("data")) {
                    lines.put(line.path("id").asText(), LINES.of(((ObjectNode) line).put("coachpay_invoice", id)
                            .put("coachpay_position", position++)));
                }
                list(told, "/v1/invoice_payments?limit=100&invoice=" + id).forEach(payment -> payments.put(
                        payment.path("id").asText(), PAYMENTS.of(((ObjectNode) payment).set("coachpay_amount",
                                payment.path(payment.path("amount_paid").isNumber() ? "amount_paid" : "amount_requested")))));
            }
            list(told, "/v1/credit_notes?limit=100&customer=" + customer)
                    .forEach(note -> notes.put(note.path("id").asText(), NOTES.of(note)));
            for (JsonNode intent : list(told, "/v1/payment_intents?limit=100&customer=" + customer)) {
                if (!intent.path("metadata").has("coachpay_id") && intent.path("amount_received").asLong() > 0) {
                    charged.put(intent.path("id").asText(), intent.path("amount_received").asText());
                }
            }
        }
        List<String> broken = new ArrayList<>();
        broken.addAll(Fields.compare("invoices", INVOICES.rows(INVOICE_ROWS, people), invoices));
        broken.addAll(Fields.compare("lines of invoices", LINES.rows("from invoice_lines l" + OF_INVOICES.formatted("l"),
                people), lines));
        broken.addAll(Fields.compare("payments of invoices",
                PAYMENTS.rows("from invoice_payments p" + OF_INVOICES.formatted("p"), people), payments));
        broken.addAll(Fields.compare("credit notes", NOTES.rows("from credit_notes n" + OF_INVOICES.formatted("n")
                + " and n.stripe_credit_note_id is not null", people), notes));
        broken.addAll(Fields.compare("money of invoices", booked(people), charged));
        return broken;
    }

    private static JsonNode list(Function<String, JsonNode> told, String path) {
        return told.apply(path).path("data");
    }

    /** Taxes together, and the times that our row keeps only while they mean something. */
    private static JsonNode plainly(ObjectNode invoice) {
        long tax = 0;
        for (JsonNode each : invoice.path("total_taxes")) {
            tax += each.path("amount").asLong();
        }
        invoice.put("coachpay_tax", tax);
        String status = invoice.path("status").asText();
        invoice.set("coachpay_paid", status.equals("paid") ? invoice.at("/status_transitions/paid_at") : null);
        invoice.set("coachpay_next", status.equals("open") ? invoice.path("next_payment_attempt") : null);
        return invoice;
    }

    /** The cents of each payment of a subscription that the books have: what came in, by its PaymentIntent. */
    private static Map<String, String> booked(String people) {
        Map<String, String> booked = new TreeMap<>();
        OwnerSql.rows(
                """
                        select t.stripe_payment_intent_id as id, (-sum(e.amount) * 100)::bigint::text as cents
                          from transactions t join ledger_journals j on j.transaction_id = t.id and j.kind = 'subscription_paid'
                          join ledger_entries e on e.journal_id = j.id join ledger_accounts a on a.id = e.account_id and a.kind = 'external'
                         where t.payer_id = any (?::uuid[]) group by 1""",
                people)
                .forEach(row -> booked.put(String.valueOf(row.get("id")), String.valueOf(row.get("cents"))));
        return booked;
    }

    private static Map<String, String> atRest() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("each payment of an invoice is booked once",
                """
                        select p.stripe_payment_intent_id, p.state, p.charged, p.completed_at, booked.* from payments p
                         cross join lateral (select coalesce(-sum(amount) filter (where account = 'external'), 0) as cost,
                                                    count(*) filter (where account = 'external') as times
                                               from entries e where e.transaction_id = p.transaction_id and e.kind = 'subscription_paid') as booked
                         where p.type = 'payment_intent'
                           and (booked.times <> (p.completed_at is not null)::int or booked.cost <> booked.times * coalesce(p.charged, 0)
                                or p.booked <> (p.completed_at is not null) or p.booked <> (p.status = 'paid'))""");
        checks.put("an invoice has been paid what its payments say",
                """
                        select b.stripe_invoice_id, b.status, b.amount_paid, paid.*
                          from bills b cross join lateral (
                               select coalesce(sum(p.amount), 0) as payments from payments p where p.invoice_id = b.id and p.status = 'paid') as paid
                         where b.amount_paid <> paid.payments""");
        checks.put("what is owed as tax is the tax of what was paid, less that of what has gone back", """
                select p.stripe_payment_intent_id, p.tax, p.charged, p.refunded_amount, owed.tax as owed from payments p
                 cross join lateral (select coalesce(sum(e.amount), 0) as tax from entries e
                                      where e.transaction_id = p.transaction_id and e.account = 'tax_payable') as owed
                 where p.booked and owed.tax <> p.tax - round(p.tax * p.refunded_amount / p.charged, 2)""");
        checks.put("the tax of an invoice is that of its payments",
                """
                        select b.stripe_invoice_id, b.tax, taxed.* from bills b cross join lateral (
                               select sum(p.tax) as tax, sum(p.amount) as paid from payments p where p.invoice_id = b.id and p.booked) as taxed
                         where b.status = 'paid' and taxed.paid = b.amount and taxed.tax <> b.tax""");
        checks.put("no credit note is left half done", """
                select n.id, n.status, n.check_at from credit_notes n join bills b on b.id = n.invoice_id
                 where n.status = 'requested' or n.check_at is not null""");
        return checks;
    }
}
