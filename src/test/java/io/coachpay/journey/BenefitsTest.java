package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A coach's plan lowers the platform's fee, and a buyer's plan adds credits: while it entitles, and for good once agreed. */
@ServiceTest
class BenefitsTest {

    /** A subscription of no Stripe's: nothing looks after it, and nobody renews it. */
    private static final String SUBSCRIBED = """
            insert into subscriptions (id, user_id, plan_id, product_id, status, is_surplus, stripe_customer_id, stripe_price_id,
              stripe_subscription_id, trial_days, success_url, cancel_url, page_expires_at, past_due_since, current_period_end,
              cancel_at, cancel_at_period_end)
            values (?::uuid, ?::uuid, ?::uuid, ?::uuid, ?, ?, 'cus_1', 'price_1', 'sub_' || replace(?, '-', ''), 0, '/', '/', now(),
              ?, ?, ?, ?)""";

    private Person alice;
    private Person carol;

    @BeforeEach
    void meet() {
        alice = Person.called("alice-" + UUID.randomUUID());
        carol = Marketplace.coach("carol", "100.00", "USD");
    }

    @AfterEach
    void end() {
        for (Person person : List.of(alice, carol)) {
            OwnerSql.run("delete from subscriptions where user_id = ?::uuid", person.id());
        }
        limit(null);
    }

    /** The coach's own fee is 20.00 percent, and the price 125.00. */
    @ParameterizedTest
    @CsvSource({ "10, 12.50, plan", "19.99, 24.99, plan", "0, 0.00, plan", "20, 25.00, profile", "25, 25.00, profile",
            ", 25.00, profile" })
    void takesTheLowerFee(@Nullable BigDecimal percentage, String fee, String source) {
        subscribes(carol, fee(percentage), "active");

        isSplit(booked(), fee, source);
    }

    @ParameterizedTest
    @CsvSource({ "trialing, plan", "active, plan", "incomplete, profile", "unpaid, profile", "paused, profile",
            "canceled, profile", "incomplete_expired, profile" })
    void takesAPlansFeeWhileItEntitles(String status, String source) {
        subscribes(carol, fee(BigDecimal.TEN), status);

        isSplit(booked(), source.equals("plan") ? "12.50" : "25.00", source);
    }

    @ParameterizedTest
    @CsvSource({ "PT1S, plan", "P6DT23H59M, plan", "P7DT1S, profile" })
    void takesAPlansFeeForAWeekAfterARefusedRenewal(Duration since, String source) {
        subscribes(carol, fee(BigDecimal.TEN), "past_due", Map.of("past_due_since", ago(since)));

        isSplit(booked(), source.equals("plan") ? "12.50" : "25.00", source);
        entitles(carol, source.equals("plan"));
    }

    /** Stripe says so a little later, and its webhook later still. */
    @ParameterizedTest
    @CsvSource({ "cancel_at, PT1S, profile", "cancel_at, PT-1H, plan", "current_period_end, PT1S, profile",
            "current_period_end, PT-1H, plan" })
    void takesNoFeeOfAPlanFromItsEndOn(String what, Duration ago, String source) {
        Map<String, Object> terms = new HashMap<>(Map.of(what, ago(ago)));
        terms.put("cancel_at_period_end", what.equals("current_period_end"));
        subscribes(carol, fee(BigDecimal.TEN), "active", terms);

        isSplit(booked(), source.equals("plan") ? "12.50" : "25.00", source);
        entitles(carol, source.equals("plan"));
    }

    /** A period that is over is being renewed. */
    @Test
    void takesAPlansFeeBetweenTwoPeriods() {
        subscribes(carol, fee(BigDecimal.TEN), "active", Map.of("current_period_end", ago(Duration.ofMinutes(10))));

        isSplit(booked(), "12.50", "plan");
    }

    @Test
    void takesTheOwnFeeForASubscriptionOfSomebodyElseAndForOneTooMany() {
        subscribes(alice, fee(BigDecimal.TEN), "active");
        isSplit(booked(), "25.00", "profile");

        subscribes(carol, fee(BigDecimal.TEN), "active", Map.of("is_surplus", true));
        isSplit(booked(), "25.00", "profile");
    }

    @Test
    void keepsTheFeeThatWasAgreed() {
        String plan = fee(BigDecimal.TEN);
        subscribes(carol, plan, "active");
        String session = booked();
        Person.admin().asks().body(Map.of("benefits", Map.of("platformFeePercentage", 5))).patch("/v1/admin/plans/" + plan)
                .then().statusCode(200);
        isSplit(booked(), "6.25", "plan");
        OwnerSql.run("delete from subscriptions where user_id = ?::uuid", carol.id());
        isSplit(booked(), "25.00", "profile");

        pays(session);

        isSplit(session, "12.50", "plan");
        carol.gets("/v1/transactions/" + payment(session)).body("platformFee.amount", equalTo("12.50"))
                .body("coachPayout.amount", equalTo("112.50"));
        alice.gets("/v1/sessions/" + session).body("$", not(hasKey("platformFeeSource")));
        assertThat(lines(payment(session), "session_paid")).containsExactly("coach_pending 112.5", "external -125",
                "platform_revenue 12.5");
        Marketplace.isTransferredSoon(UUID.fromString(payment(session)));
        Findings.importNow(Earnings.account(carol));
        Books.closeFor(carol);
    }

    /** 50.123457 × 7.77 % = 3.8945926… */
    @Test
    void addsCreditsToTheSixthDigit() {
        subscribes(alice, bonus("7.77"), "active");
        String offered = Marketplace.offered("Pro", "49.99", "50.123457");

        JsonPath page = begun(offered);

        assertThat(page.getString("credits")).isEqualTo("54.018050");
        assertThat(page.getString("bonusCredits")).isEqualTo("3.894593");
        assertThat(reserved()).containsExactly("54.018050");
        alice.gets("/v1/checkout-sessions/" + page.getString("checkoutSessionId")).body("credits", equalTo("54.018050"));
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        holdsSoon("54.018050", "0.000000");
        alice.gets("/v1/me/credits/purchases").body("data[0].amount.amount", equalTo("49.99"))
                .body("data[0].credits", equalTo("54.018050")).body("data[0].bonusCredits", equalTo("3.894593"));
        assertThat(lines(page.getString("transactionId"), "credits_bought")).containsExactly("credits 54.01805",
                "external -49.99", "platform_promotions -4.02805");
        assertThat(OwnerSql.rows("select bonus_percentage::text, bonus_credits::text from transactions where id = ?::uuid",
                page.getString("transactionId"))).containsExactly(
                        Map.of("bonus_percentage", "7.77", "bonus_credits", "3.894593"));
    }

    /** The bonus goes as the credits do: 54.018050 × 10.00 ÷ 49.99 = 10.8057711… */
    @Test
    void takesTheBonusBackWithTheMoney() {
        Marketplace.toppedUp("usd", 10_000);
        subscribes(alice, bonus("7.77"), "active");
        String payment = buys(Marketplace.offered("Pro", "49.99", "50.123457"));
        holdsSoon("54.018050", "0.000000");

        refunds(payment, "10.00");

        holdsSoon("43.212279", "0.000000");
        assertThat(lines(payment, "credits_taken")).containsExactly("credits -10.805771", "platform_promotions 0.805771",
                "refund_clearing 10");
        refunds(payment, "39.99");
        holdsSoon("0.000000", "0.000000");
        alice.gets("/v1/me/credits/purchases").body("data[0].creditsTakenBack", equalTo("54.018050"))
                .body("data[0].status", equalTo("refunded"));
        assertThat(OwnerSql.rows("""
                select trim_scale(sum(e.amount))::text as left from ledger_entries e
                  join ledger_journals j on j.id = e.journal_id join ledger_accounts a on a.id = e.account_id
                 where j.transaction_id = ?::uuid and a.kind = 'platform_promotions'""", payment))
                .containsExactly(Map.of("left", "0"));
    }

    @Test
    void countsTheBonusWhereRoomIsShort() {
        subscribes(alice, bonus("10"), "active");
        String offered = Marketplace.offered("Pro", "30.00", "33");
        limitAbove("36.299999");
        alice.posts("/v1/credits/checkout", Map.of("packageId", offered)).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:capacity-exceeded")).body("available", equalTo("36.299999"));
        limitAbove("36.3");

        begun(offered);

        Person.admin().gets("/v1/admin/capacity").body("available", equalTo("0.000000"));
    }

    @Test
    void keepsTheBonusThatWasAgreed() {
        String plan = bonus("10");
        subscribes(alice, plan, "past_due", Map.of("past_due_since", ago(Duration.ofDays(6))));
        String offered = Marketplace.offered("Pro", "30.00", "33");
        JsonPath page = begun(offered);
        Person.admin().asks().body(Map.of("benefits", Map.of("creditBonusPercentage", 50))).patch("/v1/admin/plans/" + plan)
                .then().statusCode(200);
        OwnerSql.run("delete from subscriptions where user_id = ?::uuid", alice.id());

        assertThat(begun(offered).getString("credits")).as("the page that is open").isEqualTo("36.300000");
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);

        holdsSoon("36.300000", "0.000000");
        buys(offered);
        holdsSoon("69.300000", "0.000000");
        alice.gets("/v1/me/credits/purchases").body("data[0].bonusCredits", equalTo("0.000000"))
                .body("data[1].bonusCredits", equalTo("3.300000"));
    }

    @ParameterizedTest
    @CsvSource({ "unpaid, , 33.000000", "past_due, P8D, 33.000000", "trialing, , 36.300000" })
    void addsCreditsWhileThePlanEntitles(String status, @Nullable Duration refused, String credits) {
        subscribes(alice, bonus("10"), status, refused == null ? Map.of() : Map.of("past_due_since", ago(refused)));

        assertThat(begun(Marketplace.offered("Pro", "30.00", "33")).getString("credits")).isEqualTo(credits);
    }

    private static String fee(@Nullable BigDecimal percentage) {
        return Marketplace.plan(percentage == null ? Map.of()
                : Map.of("benefits", Map.of("platformFeePercentage", percentage)));
    }

    private static String bonus(String percentage) {
        return Marketplace.plan(Map.of("benefits", Map.of("creditBonusPercentage", new BigDecimal(percentage))));
    }

    private static void subscribes(Person person, String plan, String status) {
        subscribes(person, plan, status, Map.of());
    }

    private static void subscribes(Person person, String plan, String status, Map<String, ?> terms) {
        person.gets("/v1/me").statusCode(200);
        String id = UUID.randomUUID().toString();
        OwnerSql.run(SUBSCRIBED, id, person.id(), plan, plan, status, terms.containsKey("is_surplus"), id,
                terms.get("past_due_since"), terms.get("current_period_end"), terms.get("cancel_at"),
                Boolean.TRUE.equals(terms.get("cancel_at_period_end")));
    }

    private static Timestamp ago(Duration time) {
        Instant then = StripeSandbox.now().minus(time);
        return Timestamp.from(then);
    }

    private static void entitles(Person person, boolean does) {
        String tier = person.gets("/v1/me/entitlements").statusCode(200).extract().path("tier");
        assertThat(tier).isEqualTo(does ? "professional" : null);
    }

    private String booked() {
        return Marketplace.booked(alice, carol, Marketplace.freeTime(), 75);
    }

    private ValidatableResponse isSplit(String session, String fee, String source) {
        return carol.gets("/v1/sessions/" + session).statusCode(200).body("platformFee.amount", equalTo(fee))
                .body("coachPayout.amount",
                        equalTo(new BigDecimal("125.00").subtract(new BigDecimal(fee)).toPlainString()))
                .body("platformFeeSource", equalTo(source));
    }

    private void pays(String session) {
        StripeSandbox.payIntent(Marketplace.clientSecret(alice, session), "pm_card_visa").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");
    }

    private static String payment(String session) {
        return Books.texts("select id from transactions where session_id = '" + session + "'").get(0);
    }

    private JsonPath begun(String packageId) {
        return alice.posts("/v1/credits/checkout", Map.of("packageId", packageId)).statusCode(201).extract().jsonPath();
    }

    private String buys(String packageId) {
        JsonPath page = begun(packageId);
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        return page.getString("transactionId");
    }

    private static void refunds(String payment, String amount) {
        Person.admin().posts("/v1/transactions/" + payment + "/refunds",
                Map.of("amount", Marketplace.money(amount, "USD"), "reason", "Goodwill")).statusCode(201);
    }

    private void holdsSoon(String balance, String debt) {
        soon().untilAsserted(() -> alice.gets("/v1/me/credits").statusCode(200).body("balance", equalTo(balance)).body("debt",
                equalTo(debt)));
    }

    private List<String> reserved() {
        return Books.texts("select reserved_credits from checkout_sessions where user_id = '" + alice.id()
                + "' and reserved_credits > 0");
    }

    /** The entries of a payment's journals of that kind. */
    private static List<String> lines(String payment, String kind) {
        return Books.texts("select a.kind || ' ' || trim_scale(e.amount) as line from ledger_entries e"
                + " join ledger_journals j on j.id = e.journal_id join ledger_accounts a on a.id = e.account_id"
                + " where j.transaction_id = '" + payment + "' and j.kind = '" + kind + "' order by 1");
    }

    private static void limit(@Nullable String limit) {
        Map<String, Object> body = new HashMap<>();
        body.put("limit", limit);
        Person.admin().puts("/v1/admin/capacity", body).statusCode(200);
    }

    /** Leaves room for this many credits beside those that others have. */
    private static void limitAbove(String credits) {
        JsonPath now = Person.admin().gets("/v1/admin/capacity").extract().jsonPath();
        limit(new BigDecimal(now.getString("outstanding")).add(new BigDecimal(now.getString("reserved")))
                .add(new BigDecimal(credits)).toPlainString());
    }
}
