package io.coachpay.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

import jakarta.inject.Inject;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;
import io.coachpay.http.Refused;
import io.coachpay.ledger.Wallets;
import io.coachpay.money.Credits;
import io.coachpay.payment.Origin;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentOrder;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripePaymentIntent;

/** However many ask at once, no more credits are reserved than there is room for, and no more are spent than a wallet holds. */
@ServiceTest
class CreditBooksTest {

    private static final ReturnUrls URLS = new ReturnUrls("https://coachpay.example/paid", "https://coachpay.example/left");

    @Inject
    Access access;

    @Inject
    CreditBooks books;

    @Inject
    Capacity capacity;

    @Inject
    Wallets wallets;

    @Inject
    TransactionBooks payments;

    @AfterEach
    void liftLimit() {
        OwnerSql.run("update credit_capacity set limit_amount = null");
        endPurchases();
        // They have no page that Stripe could be asked about.
        OwnerSql.run("update transactions set status = 'canceled', check_at = null where type = 'credit_purchase'"
                + " and status = 'pending' and stripe_checkout_session_id is null");
    }

    private static void endPurchases() {
        OwnerSql.run("update checkout_sessions set reserved_credits = 0, status = 'expired' where reserved_credits > 0");
    }

    @Test
    void reservesWhatThereIsRoomFor() {
        UUID offered = offered(10);
        roomFor(100);
        List<Callable<Boolean>> purchases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            UUID buyer = somebody();
            purchases.add(() -> reserves(buyer, offered));
        }

        assertThat(AtOnce.all(purchases)).filteredOn(reserved -> reserved).hasSize(10);
        assertThat(room()).isEqualTo(Credits.NONE);
        endPurchases();
        assertThat(room()).isEqualTo(credits("100"));
    }

    @Test
    void keepsAPlaceForNoMoreThanThreeOpenPurchases() {
        UUID buyer = somebody();
        UUID first = offered(10);
        assertThat(List.of(first, offered(11), offered(12))).allMatch(offered -> reserves(buyer, offered));
        assertThat(reserves(buyer, first)).as("the page that is open").isTrue();
        assertThat(reserves(buyer, offered(13))).isFalse();
        assertThat(OwnerSql.rows("select 1 from transactions where payer_id = ?::uuid", buyer)).hasSize(3);
    }

    /** A bank needs days for a debit: the page is complete by then, and money has not come. */
    @Test
    void keepsThePlaceOfAPaymentUnderWayAtABank() throws Exception {
        UUID buyer = somebody();
        reserves(buyer, offered(10));
        UUID payment = UUID.fromString(OwnerSql.rows("select id::text from transactions where payer_id = ?::uuid", buyer).get(0)
                .get("id").toString());

        apply(payment, "processing", "");
        assertThat(OwnerSql.rows("select t.status, c.reserved_credits::int as reserved from transactions t"
                + " join checkout_sessions c on c.transaction_id = t.id where t.id = ?::uuid", payment))
                .containsExactly(Map.of("status", "processing", "reserved", 10));
        assertThat(access.asService(() -> wallets.of(buyer)).balance()).isEqualTo(Credits.NONE);

        apply(payment, "requires_payment_method",
                ", \"last_payment_error\": {\"code\": \"payment_intent_payment_attempt_failed\", \"message\": \"No funds\"}");
        assertThat(OwnerSql.rows("select t.status, c.reserved_credits::int as reserved from transactions t"
                + " join checkout_sessions c on c.transaction_id = t.id where t.id = ?::uuid", payment))
                .containsExactly(Map.of("status", "canceled", "reserved", 0));
        assertThat(OwnerSql.rows("select failure_code from transactions where id = ?::uuid", payment))
                .containsExactly(Map.of("failure_code", "payment_intent_payment_attempt_failed"));
    }

    /** Applies the report about a page that is complete, and about its payment. */
    private void apply(UUID payment, String status, String more) throws Exception {
        String id = payment.toString().replace("-", "");
        JsonNode page = new ObjectMapper().readTree("""
                {"object": "checkout.session", "id": "cs_test_%s", "status": "complete", "payment_status": "unpaid",
                 "mode": "payment", "payment_intent": "pi_%s", "metadata": {"coachpay_id": "%s"}, "created": 1,
                 "amount_total": 1000, "currency": "usd"}""".formatted(id, id, payment));
        JsonNode intent = new ObjectMapper().readTree("""
                {"object": "payment_intent", "id": "pi_%s", "status": "%s", "amount": 1000, "amount_received": 0,
                 "currency": "usd", "metadata": {"coachpay_id": "%s"}, "created": 1%s}""".formatted(id, status, payment, more));
        access.runAsService(() -> payments.apply(StripeCheckoutSession.from(page), StripePaymentIntent.from(intent),
                Origin.own("fetched"), Instant.now()));
    }

    @Test
    void spendsWhatAWalletHolds() {
        UUID mentee = somebody();
        access.runAsService(() -> books.adjust(UUID.randomUUID(), mentee, credits("75"), "Goodwill", mentee));
        List<PaymentOrder> orders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orders.add(order(mentee));
        }
        List<Callable<Boolean>> payments = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            PaymentOrder order = orders.get(i % orders.size());
            payments.add(() -> spends(order));
        }

        assertThat(AtOnce.all(payments)).filteredOn(spent -> spent).hasSize(3);
        assertThat(access.asService(() -> wallets.of(mentee))).satisfies(wallet -> {
            assertThat(wallet.balance()).isEqualTo(Credits.NONE);
            assertThat(wallet.deferred()).isEqualTo(credits("75"));
        });
        assertThat(OwnerSql.rows("select 1 from sessions where mentee_id = ?::uuid and status = 'confirmed'", mentee))
                .hasSize(3);
    }

    @Test
    void refusesWhatCreditsDoNotPay() {
        UUID mentee = somebody();

        assertThatThrownBy(() -> access.runAsService(() -> books.requireSpendable(mentee, Money.parse("USD 25.00"))))
                .isInstanceOf(CreditRefused.Insufficient.class).hasMessageContaining("25.000000");
        assertThatThrownBy(() -> access.runAsService(() -> books.requireSpendable(mentee, Money.parse("EUR 25.00"))))
                .isInstanceOf(CreditRefused.OtherCurrency.class).hasMessageContaining("EUR");
    }

    @Test
    void adjustsOnceForAnId() {
        UUID user = somebody();
        UUID id = UUID.randomUUID();

        AtOnce.times(8, () -> access.asService(() -> {
            books.adjust(id, user, credits("12.5"), "Goodwill", user);
            return true;
        }));

        assertThat(access.asService(() -> wallets.of(user)).balance()).isEqualTo(credits("12.5"));
        assertThatThrownBy(() -> access.runAsService(
                () -> books.adjust(UUID.randomUUID(), user, credits("-12.500001"), "Granted twice", user)))
                .isInstanceOf(CreditRefused.ExceedsBalance.class).hasMessageContaining("12.500000");
        assertThatThrownBy(() -> access.runAsService(
                () -> books.adjust(UUID.randomUUID(), user, credits("10000.000001"), "Too many", user)))
                .isInstanceOf(CreditRefused.AdjustmentTooLarge.class).hasMessageContaining("10000");
        access.runAsService(() -> books.adjust(UUID.randomUUID(), user, credits("-12.5"), "Granted twice", user));
        assertThat(access.asService(() -> wallets.of(user)).balance()).isEqualTo(Credits.NONE);
    }

    private boolean reserves(UUID buyer, UUID offered) {
        try {
            access.runAsService(() -> books.begin(buyer, "cus_" + buyer.toString().replace("-", ""),
                    CreditPackage.findById(offered), null, PaymentMetadata.NONE, URLS, false));
            return true;
        } catch (CreditRefused.CapacityExceeded | CreditRefused.TooManyOpenCheckouts full) {
            return false;
        }
    }

    private boolean spends(PaymentOrder order) {
        try {
            access.runAsService(() -> books.spend(order));
            return true;
        } catch (CreditRefused.Insufficient poor) {
            return false;
        } catch (RuntimeException paidBefore) {
            assertThat(paidBefore).isNotInstanceOf(Refused.class).hasStackTraceContaining("transactions_one_live_per_session");
            return false;
        }
    }

    private Credits room() {
        return access.asService(capacity::read).available();
    }

    /** Sets the limit so that this many credits can be bought beside those that others have. */
    private void roomFor(long credits) {
        Capacity.State state = access.asService(capacity::read);
        OwnerSql.run("update credit_capacity set limit_amount = "
                + state.outstanding().plus(state.reserved()).plus(credits(String.valueOf(credits))));
    }

    private static Credits credits(String text) {
        return Credits.of(new BigDecimal(text));
    }

    private static UUID somebody() {
        UUID id = UUID.randomUUID();
        OwnerSql.run("insert into users (id, oidc_subject, name) values ('%s', '%s', 'Somebody')".formatted(id, id));
        return id;
    }

    private static UUID offered(int price) {
        UUID id = UUID.randomUUID();
        OwnerSql.run(
                "insert into credit_packages (id, name, amount, credit_amount) values ('%s', 'Starter', %d, %d)".formatted(id,
                        price, price));
        return id;
    }

    private static PaymentOrder order(UUID mentee) {
        UUID coach = somebody();
        UUID session = UUID.randomUUID();
        // So late that no story of these days comes so far.
        Instant start = Instant.parse("2200-01-01T10:00:00Z");
        OwnerSql.run("""
                insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, price_amount, currency, platform_fee_amount,
                  coach_payout_amount, hourly_rate, platform_fee_percentage, hold_expires_at)
                values ('%s', '%s', '%s', '%s', '%s', 25, 'USD', 5, 20, 25, 20, now() + interval '30 minutes')"""
                .formatted(session, mentee, coach, start, start.plus(1, ChronoUnit.HOURS)));
        return new PaymentOrder(Purpose.SESSION_PAYMENT, session, mentee, Money.of(CurrencyUnit.USD, 25),
                new PaymentOrder.Destination(coach, Money.of(CurrencyUnit.USD, 5), "acct_1", false), start, "Coaching session");
    }
}
