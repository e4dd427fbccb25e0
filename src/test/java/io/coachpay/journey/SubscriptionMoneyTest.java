package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** The money of subscriptions: booked once from what was paid, whatever events come, and given back with a credit note. */
@QuarkusTest
@TestProfile(MonthsPass.class)
class SubscriptionMoneyTest {

    private static final String MINE = "/v1/me/subscription";

    @Inject
    Jobs jobs;

    private Subscriber subscriber;
    private Person alice;

    @BeforeEach
    void meetASubscriber() {
        subscriber = new Subscriber();
        alice = subscriber.person();
    }

    /** No subscription renews in the journeys that come after. */
    @AfterEach
    void end() {
        StripeSandbox.noFaults();
        subscriber.leaves();
    }

    @Test
    void booksEachPaymentOfASubscription() {
        subscribes("19.00");

        soon().untilAsserted(() -> assertThat(journals()).containsExactly("19.0000 0"));
        assertThat(payments()).containsExactly("completed 19.0000");
        agrees();

        StripeSandbox.advance(Duration.ofDays(32));

        soon().untilAsserted(() -> assertThat(journals()).containsExactly("19.0000 0", "19.0000 0"));
        soon().untilAsserted(() -> assertThat(invoices()).containsExactly("paid 19.0000 1 true", "paid 19.0000 1 true"));
        agrees();
    }

    @Test
    void owesTaxAndGivesItBackWithWhatIsRefunded() {
        subscribes("19.00");
        StripeSandbox.request().formParam("address[country]", "US").formParam("address[postal_code]", "94103")
                .formParam("address[line1]", "1 Main Street").formParam("address[state]", "CA")
                .formParam("address[city]", "San Francisco").post("/v1/customers/" + subscriber.customer()).then()
                .statusCode(200);
        StripeSandbox.request().formParam("automatic_tax[enabled]", "true").post(subscriber.path()).then()
                .statusCode(200);
        StripeSandbox.advance(Duration.ofDays(32));
        soon().untilAsserted(() -> assertThat(journals()).containsExactly("19.0000 0", "20.9000 1.9"));
        String invoice = newest().getString("id");

        refunds(invoice, "5.00");
        soon().untilAsserted(() -> assertThat(returns()).containsExactly("5 0.45"));
        refunds(invoice, null);

        soon().untilAsserted(() -> assertThat(returns()).containsExactly("5 0.45", "15.9 1.45"));
        soon().untilAsserted(() -> assertThat(newest().getList("creditNotes.status")).containsExactly("issued", "issued"));
        assertThat(newest().getList("creditNotes.amount.amount")).containsExactly("5.00", "15.90");
        assertThat(StripeSandbox.request().get("/v1/credit_notes?invoice=" + newest().getString("stripeInvoiceId")).jsonPath()
                .getList("data")).hasSize(2);
        assertThat(payments()).containsExactly("completed 19.0000", "refunded 20.9000");
        agrees();
        Problem.is(Person.admin().posts("/v1/admin/invoices/" + invoice + "/refunds", Map.of("reason", "Again")), 422,
                "exceeds-remainder");
    }

    @Test
    void isPaidWithAnotherCardAfterARenewalWasRefused() {
        subscribes("19.00");
        String bad = subscriber.saves("pm_card_chargeCustomerFail");
        subscriber.makesDefault(bad);
        StripeSandbox.request().formParam("default_payment_method", "").post(subscriber.path()).then()
                .statusCode(200);

        StripeSandbox.advance(Duration.ofDays(32));

        isNow("past_due");
        soon().untilAsserted(() -> alice.gets(MINE).body("retryAt", notNullValue()));
        soon().untilAsserted(() -> assertThat(payments()).containsExactly("completed 19.0000", "failed 19.0000"));
        JsonPath open = newest();
        assertThat(open.getString("status")).isEqualTo("open");
        assertThat(open.getString("payments[0].status")).isEqualTo("open");
        String pay = "/v1/me/invoices/" + open.getString("id") + "/pay";
        Problem.is(alice.posts(pay, Map.of("paymentMethodId", bad)), 402, "card-declined");
        Problem.is(Person.called("bob").posts(pay, Map.of()), 404, "not-found");

        String good = subscriber.saves("pm_card_mastercard");
        String key = UUID.randomUUID().toString();
        for (int time = 0; time < 2; time++) {
            pays(pay, good, key).statusCode(200).body("invoice.status", equalTo("paid")).body("clientSecret", nullValue());
        }

        isNow("active");
        soon().untilAsserted(() -> alice.gets(MINE).body("retryAt", nullValue()));
        assertThat(payments()).containsExactly("completed 19.0000", "completed 19.0000");
        Problem.is(alice.posts(pay, Map.of()), 409, "invoice-not-open");
        agrees();
    }

    /** Stripe tries nothing, so that no event is about the payment. */
    @Test
    void knowsTheOpenPaymentOfARenewalWithoutACard() {
        subscribes("19.00");
        subscriber.atStripe("/v1/payment_methods?customer=" + subscriber.customer()).<String> getList("data.id").forEach(
                card -> StripeSandbox.request().post("/v1/payment_methods/" + card + "/detach").then().statusCode(200));

        StripeSandbox.advance(Duration.ofDays(32));

        isNow("past_due");
        soon().untilAsserted(() -> {
            jobs.runNow("invoice-check");
            assertThat(OwnerSql.rows("""
                    select p.status from invoice_payments p join invoices i on i.id = p.invoice_id
                     where i.user_id = ?::uuid and i.status = 'open'""", alice.id())).containsExactly(Map.of("status", "open"));
        });
    }

    @Test
    void asksThePayerWhereTheBankDoes() {
        subscribes("19.00");
        String asking = subscriber.saves("pm_card_authenticationRequired");
        subscriber.makesDefault(asking);
        StripeSandbox.request().formParam("default_payment_method", "").post(subscriber.path()).then()
                .statusCode(200);
        StripeSandbox.advance(Duration.ofDays(32));
        soon().untilAsserted(() -> assertThat(newest().getString("status")).isEqualTo("open"));
        isNow("past_due");

        String pay = "/v1/me/invoices/" + newest().getString("id") + "/pay";
        String key = UUID.randomUUID().toString();
        String secret = pays(pay, asking, key).statusCode(200).body("invoice.status", equalTo("open")).extract()
                .path("clientSecret");
        int attempts = attempts();
        pays(pay, asking, key).statusCode(200).header("Idempotent-Replayed", equalTo("true"))
                .body("clientSecret", equalTo(secret));
        assertThat(attempts()).as("attempts to charge").isEqualTo(attempts);
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        soon().untilAsserted(() -> assertThat(newest().getString("status")).isEqualTo("paid"));
        soon().untilAsserted(() -> assertThat(journals()).hasSize(2));
        agrees();
    }

    @Test
    void givesBackWhatASecondSubscriptionCost() {
        String plan = plan("19.00");
        String first = begins(plan);
        OwnerSql.run("update subscriptions set status = 'expired', check_at = null where user_id = ?::uuid", alice.id());
        StripeSandbox.payCheckout(begins(plan("29.00")), "pm_card_visa").statusCode(200);
        isNow("active");

        StripeSandbox.payCheckout(first, "pm_card_visa").statusCode(200);

        soon().untilAsserted(() -> assertThat(payments()).containsExactlyInAnyOrder("completed 29.0000", "refunded 19.0000"));
        soon().untilAsserted(() -> assertThat(returns()).containsExactly("19 0"));
        agrees();
    }

    /** Stripe voids no credit note of a paid invoice, so that a person has to explain it. */
    @Test
    void findsTheCreditNoteOfARefundThatFailed() {
        subscribes("19.00");
        soon().untilAsserted(() -> assertThat(invoices()).containsExactly("paid 19.0000 1 true"));
        refunds(newest().getString("id"), "5.00");
        soon().untilAsserted(() -> assertThat(newest().getList("creditNotes.status")).containsExactly("issued"));
        Map<String, @Nullable Object> note = OwnerSql.rows("""
                select n.id::text as id, n.stripe_credit_note_id, r.stripe_refund_id, n.number
                  from credit_notes n join refunds r on r.id = n.refund_id join invoices i on i.id = n.invoice_id
                 where i.user_id = ?::uuid""", alice.id()).get(0);

        StripeSandbox.control("/sandbox/refunds/" + note.get("stripe_refund_id") + "/fail", Map.of()).statusCode(200);

        String id = String.valueOf(note.get("id"));
        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(found("credit_note", id)).containsExactly("5 " + note.get("stripe_credit_note_id")
                    + " the refund failed, " + note.get("stripe_refund_id") + ", " + note.get("number"));
        });
        String finding = String.valueOf(OwnerSql
                .rows("select id::text as id from reconciliation_findings where subject = ? and resolved_at is null", id).get(0)
                .get("id"));
        Person.admin().posts("/v1/admin/reconciliation/findings/" + finding + "/note", Map.of("note", "Refunded again"))
                .statusCode(200);
        Findings.reconcile();
        assertThat(found("credit_note", id)).as("a note closes it").isEmpty();
    }

    /** Stripe took nothing from a card, so that no refund gives it back: a person does. */
    @Test
    void findsWhatASecondSubscriptionTookFromTheCreditBalance() {
        Person bob = Person.called("bob");
        String plan = plan("19.00");
        UUID surplus = UUID.randomUUID();
        UUID invoice = UUID.randomUUID();
        String mark = surplus.toString().replace("-", "");
        OwnerSql.run("""
                insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id,
                  stripe_subscription_id, is_surplus, trial_days, success_url, cancel_url, page_expires_at)
                values (?, ?::uuid, ?::uuid, ?::uuid, 'canceled', 'cus_1', 'price_1', ?, true, 0, '/', '/', now())""", surplus,
                bob.id(), plan, plan, "sub_" + mark);
        OwnerSql.run(
                """
                        insert into invoices (id, user_id, subscription_id, stripe_invoice_id, stripe_customer_id, stripe_subscription_id,
                          status, amount, currency, starting_balance, ending_balance, paid_at, issued_at)
                        values (?, ?::uuid, ?, ?, 'cus_1', ?, 'paid', 19, 'USD', -30, -11, now(), now())""",
                invoice, bob.id(), surplus,
                "in_" + mark, "sub_" + mark);

        Findings.reconcile();

        assertThat(found("surplus_balance", invoice.toString())).containsExactly("19 in_" + mark + " cus_1, sub_" + mark);
        OwnerSql.run("""
                insert into credit_notes (id, invoice_id, stripe_credit_note_id, status, amount, currency)
                values (gen_random_uuid(), ?, ?, 'issued', 19, 'USD')""", invoice, "cn_" + mark);
        Findings.reconcile();
        assertThat(found("surplus_balance", invoice.toString())).isEmpty();
    }

    private static List<String> found(String kind, String subject) {
        return OwnerSql.rows("""
                select concat_ws(' ', trim_scale(amount), stripe_id, details) as told from reconciliation_findings
                 where kind = ? and subject = ? and resolved_at is null""", kind, subject).stream()
                .map(row -> String.valueOf(row.get("told"))).toList();
    }

    @Test
    void booksTheSameWithEverySecondWebhookLost() {
        StripeSandbox.losesEverySecondWebhook();
        subscribes("19.00");
        StripeSandbox.advance(Duration.ofDays(32));
        StripeSandbox.noFaults();

        soon().untilAsserted(() -> assertThat(journals()).containsExactly("19.0000 0", "19.0000 0"));
        soon().untilAsserted(() -> assertThat(invoices()).containsExactly("paid 19.0000 1 true", "paid 19.0000 1 true"));
        agrees();
    }

    @Test
    void booksNoMoneyThatCameOutsideStripe() {
        subscribes("19.00");
        StripeSandbox.request().formParam("pause_collection[behavior]", "keep_as_draft")
                .post(subscriber.path()).then().statusCode(200);
        StripeSandbox.advance(Duration.ofDays(32));
        soon().untilAsserted(() -> assertThat(invoices()).containsExactly("paid 19.0000 1 true", "draft 19.0000 1 false"));
        String draft = OwnerSql
                .rows("select stripe_invoice_id as id from invoices where user_id = ?::uuid and status = 'draft'",
                        alice.id())
                .get(0).get("id").toString();
        StripeSandbox.request().post("/v1/invoices/" + draft + "/finalize").then().statusCode(200);
        StripeSandbox.request().formParam("paid_out_of_band", "true").post("/v1/invoices/" + draft + "/pay").then()
                .statusCode(200);

        soon().untilAsserted(() -> assertThat(newest().getString("status")).isEqualTo("paid"));
        soon().untilAsserted(
                () -> assertThat(newest().getList("payments.status")).containsExactlyInAnyOrder("paid", "canceled"));
        assertThat(newest().getList("payments.type")).containsExactlyInAnyOrder("payment_record", "payment_intent");
        assertThat(journals()).containsExactly("19.0000 0");
        agrees();
    }

    @Test
    void findsASubscriptionThatSomebodyMadeAtStripe() {
        subscribes("19.00");
        String price = OwnerSql.rows("select stripe_price_id as id from subscriptions where user_id = ?::uuid", alice.id())
                .get(0)
                .get("id").toString();
        String made = StripeSandbox.request().formParam("customer", subscriber.customer()).formParam("items[0][price]", price)
                .formParam("default_payment_method", StripeSandbox.saveCard(subscriber.customer(), "pm_card_mastercard"))
                .post("/v1/subscriptions").then().statusCode(200).extract().path("id");

        soon().untilAsserted(() -> assertThat(journals()).containsExactly("19.0000 0", "19.0000 0"));
        Findings.reconcile();
        assertThat(OwnerSql.rows("""
                select count(*) as found from reconciliation_findings
                 where kind = 'foreign_subscription' and subject = ? and resolved_at is null""", made).get(0).get("found"))
                .isEqualTo(1L);
        StripeSandbox.request().delete("/v1/subscriptions/" + made).then().statusCode(200);
        agrees();
    }

    private ValidatableResponse pays(String pay, String method, String key) {
        return alice.asks().header("Idempotency-Key", key).body(Map.of("paymentMethodId", method)).post(pay).then();
    }

    private int attempts() {
        return StripeSandbox.request().get("/v1/invoices/" + newest().getString("stripeInvoiceId")).jsonPath()
                .getInt("attempt_count");
    }

    private void refunds(String invoice, @Nullable String amount) {
        Map<String, Object> form = new HashMap<>(Map.of("reason", "A week without service"));
        if (amount != null) {
            form.put("amount", Marketplace.money(amount, "USD"));
        }
        Person.admin().posts("/v1/admin/invoices/" + invoice + "/refunds", form).statusCode(201);
    }

    private JsonPath newest() {
        return alice.gets("/v1/me/invoices?limit=1").statusCode(200).extract().jsonPath().setRootPath("data[0]");
    }

    /** Refunded amounts that the platform earned and owed before, with the tax in them. */
    private List<String> returns() {
        return OwnerSql.rows("""
                select sum(e.amount) filter (where a.kind = 'refund_clearing') as amount,
                       coalesce(-sum(e.amount) filter (where a.kind = 'tax_payable'), 0) as tax
                  from ledger_journals j join transactions t on t.id = j.transaction_id
                  join ledger_entries e on e.journal_id = j.id join ledger_accounts a on a.id = e.account_id
                 where t.payer_id = ?::uuid and j.kind = 'subscription_refunded' group by j.id order by j.id""", alice.id())
                .stream().map(row -> plain(row.get("amount")) + " " + plain(row.get("tax"))).toList();
    }

    private static String plan(String amount) {
        return Marketplace.plan(Map.of("amount", Marketplace.money(amount, "USD")));
    }

    private String begins(String plan) {
        return alice.posts(MINE + "/checkout", Map.of("planId", plan)).statusCode(201).extract().path("checkoutUrl");
    }

    /** Read by SQL: the API asks Stripe, which nobody may do so often. */
    private void isNow(String status) {
        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select status from subscriptions where user_id = ?::uuid and status <> 'expired' and not is_surplus",
                alice.id())
                .stream().map(row -> row.get("status"))).containsExactly(status));
    }

    /** The platform's books are Stripe's, once its balance transactions are here. */
    private static void agrees() {
        soon().untilAsserted(() -> {
            Findings.reconcile();
            Books.agreeForPlatform("USD");
        });
    }

    private void subscribes(String amount) {
        StripeSandbox.payCheckout(begins(plan(amount)), "pm_card_visa").statusCode(200);
        isNow("active");
    }

    private List<String> payments() {
        return OwnerSql.rows("""
                select status || ' ' || amount as told from transactions
                 where payer_id = ?::uuid and type = 'subscription_payment' order by id""", alice.id()).stream()
                .map(row -> row.get("told").toString()).toList();
    }

    /** The amount of each journal with its tax. */
    private List<String> journals() {
        return OwnerSql.rows("""
                select -sum(e.amount) filter (where a.kind = 'external') as amount,
                       coalesce(sum(e.amount) filter (where a.kind = 'tax_payable'), 0) as tax
                  from ledger_journals j join transactions t on t.id = j.transaction_id
                  join ledger_entries e on e.journal_id = j.id join ledger_accounts a on a.id = e.account_id
                 where t.payer_id = ?::uuid and j.kind = 'subscription_paid' group by j.id order by j.id""", alice.id())
                .stream()
                .map(row -> ((BigDecimal) row.get("amount")).setScale(4) + " " + plain(row.get("tax"))).toList();
    }

    private static String plain(Object amount) {
        return ((BigDecimal) amount).stripTrailingZeros().toPlainString();
    }

    /** Each invoice with its lines, and whether a payment is booked for it. */
    private List<String> invoices() {
        return OwnerSql
                .rows("""
                        select i.status || ' ' || i.amount || ' ' || (select count(*) from invoice_lines l where l.invoice_id = i.id) || ' '
                               || exists (select from invoice_payments p where p.invoice_id = i.id and p.booked and p.status = 'paid') as told
                          from invoices i where i.user_id = ?::uuid order by i.issued_at""",
                        alice.id())
                .stream()
                .map(row -> row.get("told").toString()).toList();
    }
}
