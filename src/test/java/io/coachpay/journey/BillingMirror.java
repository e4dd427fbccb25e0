package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.StripeSandbox;
import io.coachpay.simulation.InvoiceChecks;
import io.coachpay.simulation.SubscriptionChecks;

/** Compares a subscriber's rows with Stripe's objects, field by field. */
final class BillingMirror {

    private final String id;
    private final String customer;

    BillingMirror(String id, String customer) {
        this.id = id;
        this.customer = customer;
    }

    /** Invoices, with lines, payments and credit notes, and subscriptions are what Stripe has. */
    void isExact() {
        Function<String, JsonNode> told = path -> Json
                .read(StripeSandbox.request().get(path).then().statusCode(200).extract().asString());
        assertThat(SubscriptionChecks.mirrored("{" + id + "}", told)).isEmpty();
        assertThat(InvoiceChecks.mirrored("{" + id + "}", told)).isEmpty();
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
}
