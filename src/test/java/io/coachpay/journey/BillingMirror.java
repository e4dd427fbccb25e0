package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.coachpay.OwnerSql;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;

/** Compares a subscriber's rows with Stripe's objects, field by field. */
final class BillingMirror {

    private final String id;
    private final String customer;

    BillingMirror(String id, String customer) {
        this.id = id;
        this.customer = customer;
    }

    /** Invoices, subscriptions and payments are what Stripe has. */
    void isExact() {
        assertThat(ourInvoices()).isEqualTo(stripesInvoices());
        assertThat(ourSubscriptions()).isEqualTo(stripesSubscriptions());
        assertThat(ourPayments()).isEqualTo(stripesPayments());
    }

    /** Invoices, payments and journals sum to the amount that banks were charged. */
    void addsUp() {
        BigDecimal charged = BigDecimal.valueOf(StripeSandbox.request().queryParam("customer", customer)
                .queryParam("limit", 100).get("/v1/charges").jsonPath()
                .getList("data.findAll { it.status == 'succeeded' }.amount", Long.class).stream().mapToLong(Long::longValue)
                .sum(), 2);
        assertThat(sum("select sum(amount_paid) as sum from invoices where user_id = ?::uuid")).isEqualByComparingTo(charged);
        assertThat(sum("""
                select sum(amount) as sum from transactions where payer_id = ?::uuid and completed_at is not null"""))
                .isEqualByComparingTo(charged);
        assertThat(sum("""
                select -sum(e.amount) as sum from ledger_entries e join ledger_journals j on j.id = e.journal_id
                  join ledger_accounts a on a.id = e.account_id join transactions t on t.id = j.transaction_id
                 where t.payer_id = ?::uuid and j.kind = 'subscription_paid' and a.kind = 'external'"""))
                .isEqualByComparingTo(charged);
    }

    private BigDecimal sum(String query) {
        return (BigDecimal) Objects.requireNonNull(OwnerSql.rows(query, id).get(0).get("sum"));
    }

    private List<String> texts(String query) {
        return OwnerSql.rows(query, id).stream().map(row -> String.valueOf(row.get("told"))).sorted().toList();
    }

    private List<String> ourInvoices() {
        return texts("""
                select concat_ws(' ', stripe_invoice_id, status, number, (amount * 100)::bigint, (amount_due * 100)::bigint,
                         (amount_paid * 100)::bigint, (amount_remaining * 100)::bigint, (starting_balance * 100)::bigint,
                         attempt_count, billing_reason, extract(epoch from period_start)::bigint,
                         extract(epoch from period_end)::bigint, extract(epoch from finalized_at)::bigint,
                         extract(epoch from paid_at)::bigint,
                         (select count(*) from invoice_lines l where l.invoice_id = i.id)) as told
                  from invoices i where user_id = ?::uuid""");
    }

    private List<String> stripesInvoices() {
        return stripes("/v1/invoices", "id status number total amount_due amount_paid amount_remaining starting_balance"
                + " attempt_count billing_reason period_start period_end status_transitions.finalized_at"
                + " status_transitions.paid_at lines.data.size()");
    }

    private List<String> ourSubscriptions() {
        return texts("""
                select concat_ws(' ', stripe_subscription_id, status, stripe_price_id,
                         extract(epoch from current_period_start)::bigint, extract(epoch from current_period_end)::bigint,
                         extract(epoch from trial_end)::bigint, extract(epoch from cancel_at)::bigint,
                         case when cancel_at_period_end then 'true' else 'false' end,
                         extract(epoch from canceled_at)::bigint, extract(epoch from ended_at)::bigint, latest_invoice) as told
                  from subscriptions where user_id = ?::uuid""");
    }

    private List<String> stripesSubscriptions() {
        return stripes("/v1/subscriptions?status=all", "id status items.data[0].price.id items.data[0].current_period_start"
                + " items.data[0].current_period_end trial_end cancel_at cancel_at_period_end canceled_at ended_at"
                + " latest_invoice");
    }

    private List<String> ourPayments() {
        return texts("""
                select concat_ws(' ', stripe_payment_intent_id, 'succeeded', (amount * 100)::bigint, stripe_charge_id) as told
                  from transactions where payer_id = ?::uuid and completed_at is not null""");
    }

    private List<String> stripesPayments() {
        return stripes("/v1/payment_intents", "id status amount_received latest_charge");
    }

    /** These fields of all of the customer's objects. */
    private List<String> stripes(String path, String fields) {
        JsonPath found = StripeSandbox.request().queryParam("customer", customer).queryParam("limit", 100).get(path)
                .then().statusCode(200).extract().jsonPath();
        return IntStream.range(0, found.getList("data").size()).mapToObj(i -> Stream.of(fields.split(" "))
                .map(field -> found.<Object> get("data[" + i + "]." + field)).filter(Objects::nonNull).map(String::valueOf)
                .collect(Collectors.joining(" "))).sorted().toList();
    }
}
