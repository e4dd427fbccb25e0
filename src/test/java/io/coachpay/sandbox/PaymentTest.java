package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class PaymentTest extends SandboxTest {

    @Test
    void declinesAndThenSucceedsOnOneIntent() {
        String account = stripe.onboardedAccount();
        String intent = stripe.post("/v1/payment_intents", "amount", 12500, "currency", "usd", "application_fee_amount", 2500,
                "transfer_data[destination]", account).id();

        StripeClient.Reply declined = pay(intent, "pm_card_visa_chargeDeclinedInsufficientFunds");
        JsonObject waiting = stripe.get("/v1/payment_intents/" + intent).json();
        StripeClient.Reply paid = pay(intent, "pm_card_visa");

        assertThat(declined.status()).isEqualTo(402);
        assertThat(declined.error().getString("decline_code")).isEqualTo("insufficient_funds");
        assertThat(declined.error().getJsonObject("payment_intent").getString("id")).isEqualTo(intent);
        assertThat(waiting.getString("status")).isEqualTo("requires_payment_method");
        assertThat(waiting.getJsonObject("last_payment_error").getString("code")).isEqualTo("card_declined");
        assertThat(paid.json().getString("status")).isEqualTo("succeeded");
        assertThat(paid.json().getValue("last_payment_error")).isNull();
        JsonArray charges = stripe.get("/v1/charges?payment_intent=" + intent).json().getJsonArray("data");
        assertThat(Json.objects(charges)).extracting(each -> each.getString("status")).containsExactly("succeeded", "failed");
    }

    @Test
    void keepsSoManyMethodsOfACustomer() {
        String alice = stripe.post("/v1/customers").id();
        for (int i = 0; i < 400; i++) {
            stripe.post("/v1/payment_methods/pm_card_visa/attach", "customer", alice);
        }

        StripeClient.Reply refused = stripe.post("/v1/payment_methods/pm_card_visa/attach", "customer", alice);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains("maximum number of payment methods");
    }

    @Test
    void sendsTheEventsOfDeclineAndSuccessInOrder() {
        String account = stripe.onboardedAccount();
        String intent = stripe.post("/v1/payment_intents", "amount", 12500, "currency", "usd", "application_fee_amount", 2500,
                "transfer_data[destination]", account).id();
        pay(intent, "pm_card_visa_chargeDeclined");
        pay(intent, "pm_card_visa");

        JsonArray newestFirst = stripe.get("/v1/events?limit=100").json().getJsonArray("data");

        assertThat(Json.objects(newestFirst)).extracting(event -> event.getString("type")).containsExactly("charge.updated",
                "application_fee.created", "transfer.created", "payment_intent.succeeded", "charge.succeeded",
                "payment_intent.payment_failed", "charge.failed", "payment_intent.created");
    }

    @ParameterizedTest
    @CsvSource({ "4000000000000002,card_declined,generic_decline", "4000000000009987,card_declined,lost_card",
            "4000000000009979,card_declined,stolen_card", "4000000000000069,expired_card,expired_card",
            "4000000000000127,incorrect_cvc,incorrect_cvc", "4000000000000119,processing_error,processing_error" })
    void declinesAsTheTestCardSays(String number, String code, String declineCode) {
        JsonObject error = stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd", "confirm", "true",
                "payment_method_data[type]", "card", "payment_method_data[card][number]", number,
                "payment_method_data[card][exp_month]", 12, "payment_method_data[card][exp_year]", 2040).error();

        assertThat(error.getString("type")).isEqualTo("card_error");
        assertThat(error.getString("code")).isEqualTo(code);
        assertThat(error.getString("decline_code")).isEqualTo(declineCode);
    }

    @Test
    void asksTheHolderToAuthenticate() {
        String intent = stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd").id();

        JsonObject asked = pay(intent, "pm_card_authenticationRequired").json();
        JsonObject failed = stripe.control("POST", "/payment_intents/" + intent + "/authenticate",
                new JsonObject().put("success", false)).json();
        pay(intent, "pm_card_authenticationRequired");
        JsonObject paid = stripe.control("/payment_intents/" + intent + "/authenticate").json();

        assertThat(asked.getString("status")).isEqualTo("requires_action");
        assertThat(asked.getJsonObject("next_action").getString("type")).isEqualTo("use_stripe_sdk");
        assertThat(failed.getJsonObject("last_payment_error").getString("code"))
                .isEqualTo("payment_intent_authentication_failure");
        assertThat(paid.getString("status")).isEqualTo("succeeded");
    }

    @Test
    void refusesAbsentPayerWhoMustAuthenticate() {
        JsonObject error = stripe
                .post("/v1/payment_intents", "amount", 1000, "currency", "usd", "confirm", "true", "off_session",
                        "true", "payment_method", "pm_card_authenticationRequired")
                .error();

        assertThat(error.getString("code")).isEqualTo("authentication_required");
    }

    @Test
    void paysWithSavedCardOfItsCustomerAlone() {
        String alice = stripe.post("/v1/customers", "email", "alice@example.com").id();
        String bob = stripe.post("/v1/customers", "email", "bob@example.com").id();
        String card = stripe.post("/v1/payment_methods/pm_card_visa/attach", "customer", alice).id();

        int hers = payAs(alice, card).status();
        int his = payAs(bob, card).status();

        assertThat(hers).isEqualTo(200);
        assertThat(his).isEqualTo(400);
        assertThat(stripe.post("/v1/payment_methods/pm_card_visa_chargeDeclined/attach", "customer", alice).status())
                .isEqualTo(402);
        String failing = stripe.post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer", alice).id();
        assertThat(payAs(alice, failing).status()).isEqualTo(402);
    }

    @Test
    void keepsBankDebitProcessingUntilTheBankPays() {
        String intent = stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd").id();

        String status = pay(intent, "pm_usBankAccount_success").json().getString("status");
        stripe.advance(24 * 60 * 60 + 1);

        assertThat(status).isEqualTo("processing");
        assertThat(stripe.get("/v1/payment_intents/" + intent).json().getString("status")).isEqualTo("succeeded");
        assertThat(stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd", "excluded_payment_method_types[]",
                "us_bank_account", "payment_method", "pm_usBankAccount_success", "confirm", "true").status()).isEqualTo(400);
    }

    @Test
    void keepsTheRefusalToCancelWhatIsProcessingUnderItsKey() {
        String intent = stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd").id();
        String status = pay(intent, "pm_card_processing").json().getString("status");

        StripeClient.Reply refused = cancel(intent, "first");
        stripe.control("/payment_intents/" + intent + "/fail");
        StripeClient.Reply again = cancel(intent, "first");
        StripeClient.Reply fresh = cancel(intent, "second");

        assertThat(status).isEqualTo("processing");
        assertThat(refused.error().getString("code")).isEqualTo("payment_intent_unexpected_state");
        assertThat(again.error().getString("code")).isEqualTo("payment_intent_unexpected_state");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(fresh.json().getString("status")).isEqualTo("canceled");
    }

    @Test
    void refusesWhatTheStateForbids() {
        String paid = stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd", "payment_method", "pm_card_visa",
                "confirm", "true").id();
        String canceled = stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd").id();
        stripe.post("/v1/payment_intents/" + canceled + "/cancel", "cancellation_reason", "abandoned");

        assertThat(stripe.post("/v1/payment_intents/" + paid + "/cancel").error().getString("code"))
                .isEqualTo("payment_intent_unexpected_state");
        assertThat(pay(paid, "pm_card_visa").error().getString("code")).isEqualTo("payment_intent_unexpected_state");
        assertThat(pay(canceled, "pm_card_visa").error().getJsonObject("payment_intent").getString("status"))
                .isEqualTo("canceled");
    }

    @Test
    void refusesDestinationThatCannotReceive() {
        String account = stripe.newAccount("US");

        JsonObject early = stripe.pay(account, 12500, 2500, "usd").error();
        stripe.control("/accounts/" + account + "/complete-onboarding");
        int ready = stripe.pay(account, 12500, 2500, "usd").status();
        stripe.control("/accounts/" + account + "/deauthorize");
        JsonObject left = stripe.pay(account, 12500, 2500, "usd").error();

        assertThat(early.getString("code")).isEqualTo("insufficient_capabilities_for_transfer");
        assertThat(ready).isEqualTo(200);
        assertThat(left.getString("code")).isEqualTo("resource_missing");
        assertThat(stripe.get("/v1/accounts/" + account).error().getString("code")).isEqualTo("account_invalid");
    }

    @ParameterizedTest
    @CsvSource({ "49,usd,amount_too_small", "100,kwd,amount_too_small", "15441,kwd,parameter_invalid_integer",
            "150,isk,parameter_invalid_integer", "100000000,usd,amount_too_large", "0,usd,parameter_invalid_integer" })
    void refusesAmountsNobodyCanBeCharged(long amount, String currency, String code) {
        JsonObject error = stripe.post("/v1/payment_intents", "amount", amount, "currency", currency).error();

        assertThat(error.getString("code")).isEqualTo(code);
    }

    @Test
    void refusesFeeAboveAmount() {
        String account = stripe.onboardedAccount();

        assertThat(stripe.pay(account, 1000, 1001, "usd").error().getString("param")).isEqualTo("application_fee_amount");
    }

    private StripeClient.Reply pay(String intent, String method) {
        return stripe.post("/v1/payment_intents/" + intent + "/confirm", "payment_method", method);
    }

    private StripeClient.Reply cancel(String intent, String key) {
        return stripe.with("Idempotency-Key", key).post("/v1/payment_intents/" + intent + "/cancel");
    }

    private StripeClient.Reply payAs(String customer, String method) {
        return stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd", "customer", customer, "payment_method",
                method,
                "confirm", "true", "off_session", "true");
    }
}
