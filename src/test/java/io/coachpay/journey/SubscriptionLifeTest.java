package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** A subscription lives on: it is renewed, ends and goes on as its subscriber wants. */
@ServiceTest
class SubscriptionLifeTest {

    private Subscriber alice;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    /** Stripe's page puts its card on the subscription itself, where it would outrank every later choice. */
    @Test
    void isRenewedWithTheSubscribersDefault() {
        alice.onThePage(Subscriber.trial(Map.of()));
        String first = alice.cards(1).get(0);
        soon().untilAsserted(() -> assertThat(alice.subscription().getString("default_payment_method")).isNull());
        assertThat(alice.atStripe("/v1/customers/" + alice.customer()).getString("invoice_settings.default_payment_method"))
                .isEqualTo(Subscriber.stripeIdOf(first));

        String second = alice.saves("pm_card_mastercard");
        alice.makesDefault(second);
        alice.removes(first);
        Subscriber.pass(Duration.ofDays(14).plusHours(2));

        alice.isSoon("active");
        soon().untilAsserted(() -> assertThat(alice.invoice().getString("status")).isEqualTo("paid"));
        assertThat(alice.payment().getString("payment_method")).isEqualTo(Subscriber.stripeIdOf(second));
    }

    @Test
    void keepsTheDefaultThatItsSubscriberHasAlready() {
        String before = alice.saves("pm_card_mastercard");
        alice.makesDefault(before);

        alice.onThePage(Subscriber.trial(Map.of()));

        soon().untilAsserted(() -> assertThat(alice.subscription().getString("default_payment_method")).isNull());
        assertThat(alice.atStripe("/v1/customers/" + alice.customer()).getString("invoice_settings.default_payment_method"))
                .isEqualTo(Subscriber.stripeIdOf(before));
        soon().untilAsserted(() -> assertThat(alice.row().get("default_payment_method")).isNull());
    }

    /** Nothing could be charged to a card that has expired: the one from the page is to pay. */
    @Test
    void isRenewedWithThePagesCardWhereTheDefaultHasExpired() {
        String before = alice.saves("pm_card_mastercard");
        alice.makesDefault(before);
        Cards.expires(before);

        alice.onThePage(Subscriber.trial(Map.of()));

        soon().untilAsserted(() -> assertThat(alice.subscription().getString("default_payment_method")).isNull());
        assertThat(defaultAtStripe()).startsWith("pm_").isNotEqualTo(Subscriber.stripeIdOf(before));
    }

    /** A trial charges nothing, so that the named card would be of no use. */
    @Test
    void endsATrialWithTheNamedCardWhereTheDefaultHasExpired() {
        String before = alice.saves("pm_card_mastercard");
        alice.makesDefault(before);
        Cards.expires(before);
        String named = alice.saves("pm_card_visa");

        alice.person().posts(Subscriber.MINE, Map.of("planId", Subscriber.trial(Map.of()), "paymentMethodId", named))
                .statusCode(201).body("status", equalTo("trialing"));

        assertThat(defaultAtStripe()).isEqualTo(Subscriber.stripeIdOf(named));
    }

    @Test
    void endsATrialWithTheDefaultWhicheverCardIsNamed() {
        String before = alice.saves("pm_card_mastercard");
        alice.makesDefault(before);
        String named = alice.saves("pm_card_visa");

        alice.person().posts(Subscriber.MINE, Map.of("planId", Subscriber.trial(Map.of()), "paymentMethodId", named))
                .statusCode(201).body("status", equalTo("trialing"));

        assertThat(defaultAtStripe()).isEqualTo(Subscriber.stripeIdOf(before));
    }

    /** Its number was refused too often elsewhere before it came here: no bank is asked. */
    @Test
    void doesNotGoOnWithACardThatIsTriedOut() {
        isPaused();
        String card = alice.saves("pm_card_visa");
        alice.makesDefault(card);
        Cards.isTriedOut(card);

        Problem.is(alice.person().posts(Subscriber.MINE + "/resume"), 429, "too-many-cards");

        alice.isSoon("paused");
    }

    private String defaultAtStripe() {
        return alice.atStripe("/v1/customers/" + alice.customer()).getString("invoice_settings.default_payment_method");
    }

    /** Each step is made again until Stripe has heard it. */
    @Test
    void hasOneDefaultWhateverFailsMeanwhile() {
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"times\": 1, \"do\": \"500_after\"}, {\"match\": {\"method\": \"POST\", \"path\":"
                + " \"/v1/customers/*\"}, \"times\": 1, \"do\": \"500_before\"}]}");

        alice.onThePage(Subscriber.trial(Map.of()));

        soon().untilAsserted(() -> assertThat(alice.subscription().getString("default_payment_method")).isNull());
        assertThat(alice.atStripe("/v1/customers/" + alice.customer()).getString("invoice_settings.default_payment_method"))
                .isEqualTo(Subscriber.stripeIdOf(alice.cards(1).get(0)));
    }

    /** Stripe would repeat the answer to the first call, and do nothing, if the last one had its key. */
    @Test
    void endsAsItsSubscriberSaidLast() {
        alice.onThePage(Subscriber.trial(Map.of()));
        soon().untilAsserted(() -> assertThat(alice.row().get("default_payment_method")).isNull());
        isKilledAfterTheCall(() -> alice.changes(Map.of("cancelAtPeriodEnd", true)),
                () -> assertThat(alice.subscription().getBoolean("cancel_at_period_end")).isTrue());
        StripeSandbox.request().formParam("cancel_at", "").post(alice.path()).then().statusCode(200);
        assertThat(alice.subscription().getBoolean("cancel_at_period_end")).isFalse();

        alice.changes(Map.of("cancelAtPeriodEnd", true)).statusCode(200).body("cancelAtPeriodEnd", equalTo(true));

        assertThat(alice.subscription().getBoolean("cancel_at_period_end")).isTrue();
        alice.changes(Map.of("cancelAtPeriodEnd", false)).statusCode(200).body("cancelAtPeriodEnd", equalTo(false));
        alice.changes(Map.of("cancelAtPeriodEnd", true)).statusCode(200).body("cancelAtPeriodEnd", equalTo(true));
        assertThat(alice.subscription().getBoolean("cancel_at_period_end")).isTrue();
    }

    /** An event that is lost for good leaves no subscription as it was for long. */
    @Test
    void isReadWhereNoEventHasTold() {
        alice.onThePage(Subscriber.trial(Map.of()));
        soon().untilAsserted(() -> assertThat(alice.row().get("default_payment_method")).isNull());
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"customer.subscription.*\"}, \"do\": \"drop\"}],"
                + " \"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/events*\"}, \"do\": \"500_before\"}]}");
        StripeSandbox.request().delete(alice.path()).then().statusCode(200);
        assertThat(alice.row().get("status")).isEqualTo("trialing");

        Subscriber.pass(Duration.ofDays(15).plusHours(1));

        soon().untilAsserted(() -> assertThat(alice.row().get("status")).isEqualTo("canceled"));
    }

    /** Somebody at the platform lets trials without a card be paused instead of ended. */
    @Test
    void goesOnAfterItWasPaused() {
        isPaused();
        alice.person().gets("/v1/me/entitlements").body("tier", nullValue());
        alice.makesDefault(alice.saves("pm_card_visa"));

        alice.person().posts(Subscriber.MINE + "/resume").statusCode(200).body("status", equalTo("active"))
                .body("nextAction", nullValue());

        assertThat(alice.invoice().getString("status")).isEqualTo("paid");
        alice.person().gets("/v1/me/entitlements").body("tier", equalTo("professional"));
        Problem.is(alice.person().posts(Subscriber.MINE + "/resume"), 409, "subscription-not-paused");
    }

    @Test
    void staysPausedUntilItIsPaid() {
        isPaused();
        alice.makesDefault(alice.saves("pm_card_chargeCustomerFail"));

        String secret = alice.person().posts(Subscriber.MINE + "/resume").statusCode(200).body("status", equalTo("paused"))
                .extract().path("nextAction.clientSecret");
        alice.person().posts(Subscriber.MINE + "/resume").statusCode(200).body("nextAction.clientSecret", equalTo(secret));
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        alice.isSoon("active");
    }

    @Test
    void showsThatItsInvoicesAreNotCollected() {
        alice.onThePage(Subscriber.trial(Map.of()));
        alice.mine().body("collectionPaused", equalTo(false));

        StripeSandbox.request().formParam("pause_collection[behavior]", "void").post(alice.path()).then().statusCode(200);

        soon().untilAsserted(() -> alice.mine().body("collectionPaused", equalTo(true)).body("status", equalTo("trialing")));
        alice.person().gets("/v1/me/entitlements").body("tier", equalTo("professional"));
    }

    private void isPaused() {
        alice.person().posts(Subscriber.MINE, Map.of("planId", Subscriber.trial(Map.of()))).statusCode(201);
        StripeSandbox.request().formParam("trial_settings[end_behavior][missing_payment_method]", "pause").post(alice.path())
                .then().statusCode(200);
        Subscriber.pass(Duration.ofDays(14).plusHours(1));
        alice.isSoon("paused");
    }

    /** Leaves the row's count as it was when the call had its effect and the answer was still to come. */
    private void isKilledAfterTheCall(Runnable request, Runnable effect) {
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"times\": 1, \"do\": \"lost_answer\", \"millis\": 1000}]}");
        CompletableFuture<Void> under = CompletableFuture.runAsync(request);
        soon().untilAsserted(effect::run);
        Object attempt = alice.row().get("attempt");
        under.join();
        StripeSandbox.noFaults();
        OwnerSql.run("update subscriptions set attempt = ? where id = ?", attempt, alice.row().get("id"));
    }
}
