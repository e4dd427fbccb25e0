package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

class StripeVerbsTest {

    private static final UUID ROW = UUID.fromString("01935e3c-0000-7000-8000-000000000001");

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private static final String PAYMENT = """
            {"id": "pi_1", "object": "payment_intent", "amount": 12500, "currency": "usd", "status": "requires_payment_method"}""";

    private static final String PAYOUT = """
            {"id": "po_1", "object": "payout", "amount": 5000, "currency": "kwd", "status": "pending"}""";

    private static final String DISPUTE = """
            {"id": "dp_1", "object": "dispute", "amount": 5000, "currency": "usd", "status": "needs_response"}""";

    private final ScriptedStripe stripe = new ScriptedStripe();

    @AfterEach
    void close() {
        stripe.close();
    }

    @Test
    void findsCustomerOfADayThatIsTooLongToList() {
        for (int page = 0; page < 50; page++) {
            stripe.answers(200, "{\"data\": [{\"id\": \"cus_%d\", \"object\": \"customer\"}], \"has_more\": true}"
                    .formatted(page));
        }
        stripe.answers(200, """
                {"object": "search_result", "has_more": false, "data": [
                  {"id": "cus_ours", "object": "customer", "metadata": {"coachpay_id": "%s"}}]}""".formatted(ROW));

        assertThat(new StripeCustomers(stripe.calls()).find(ROW, NOON)).extracting(StripeCustomer::id)
                .containsExactly("cus_ours");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/customers/search");
        assertThat(stripe.lastAsked().parameters()).containsEntry("query", "metadata['coachpay_id']:'" + ROW + "'");
    }

    @Test
    void createsAPaymentThatSharesItsMoney() {
        stripe.answers(200, PAYMENT);

        new StripePayments(stripe.calls()).create(payment(), "transaction:1:create:1");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/payment_intents");
        assertThat(stripe.lastAsked().header("Idempotency-Key")).isEqualTo("transaction:1:create:1");
        assertThat(stripe.lastAsked().form()).containsEntry("amount", "12500").containsEntry("currency", "usd")
                .containsEntry("customer", "cus_1").containsEntry("application_fee_amount", "2500")
                .containsEntry("transfer_data[destination]", "acct_1").containsEntry("on_behalf_of", "acct_1")
                .containsEntry("transfer_group", ROW.toString()).containsEntry("metadata[coachpay_id]", ROW.toString())
                .containsEntry("metadata[session_id]", "s1").containsEntry("automatic_payment_methods[enabled]", "true")
                .containsEntry("automatic_payment_methods[allow_redirects]", "always").containsEntry("description", "An hour")
                .doesNotContainKeys("payment_method_types", "confirm");
        assertThat(stripe.lastAsked().form().get("excluded_payment_method_types[]")).contains("sepa_debit", "us_bank_account");
    }

    /** However many others were made since: an endless listing is refused, and nobody could begin any more. */
    @Test
    void looksForACustomerAndAnAccountAmongThoseOfADay() {
        stripe.answers(200, "{\"object\": \"list\", \"data\": [], \"has_more\": false}");
        stripe.answers(200, "{\"object\": \"list\", \"data\": [], \"has_more\": false}");
        String from = Long.toString(NOON.minusSeconds(600).getEpochSecond());
        String to = Long.toString(NOON.plusSeconds(24 * 3600 + 600).getEpochSecond());

        new StripeCustomers(stripe.calls()).find(ROW, NOON);

        assertThat(stripe.lastAsked().parameters()).containsEntry("created[gte]", from).containsEntry("created[lte]", to);
        new StripeAccounts(stripe.calls()).find(ROW, NOON);
        assertThat(stripe.lastAsked().parameters()).containsEntry("created[gte]", from).containsEntry("created[lte]", to);
    }

    @Test
    void triesASavedMethod() {
        stripe.answers(200, PAYMENT);

        new StripePayments(stripe.calls()).confirm("pi_1", "pm_1", "https://example.org/back", "k:1");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/payment_intents/pi_1/confirm");
        assertThat(stripe.lastAsked().form()).containsEntry("payment_method", "pm_1")
                .containsEntry("return_url", "https://example.org/back");
    }

    @Test
    void leavesOutWhatAPaymentWithoutDestinationHasNot() {
        NewStripePayment credits = new NewStripePayment(ROW, Money.parse("JPY 500"), null, "cus_1", null, null, "Credits",
                Map.of());
        stripe.answers(200, PAYMENT);

        new StripePayments(stripe.calls()).create(credits, "k:1");

        assertThat(stripe.lastAsked().form()).containsEntry("amount", "500").containsEntry("currency", "jpy")
                .doesNotContainKeys("application_fee_amount", "transfer_data[destination]", "on_behalf_of");
    }

    @Test
    void confirmsCancelsAndReadsAPayment() {
        stripe.answers(200, PAYMENT).answers(200, PAYMENT).answers(200, PAYMENT);
        StripePayments payments = new StripePayments(stripe.calls());

        payments.confirm("pi_1", "pm_1", null, "k:1");
        payments.cancel("pi_1", "k:2");
        payments.retrieve("pi_1");

        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::path).containsExactly("/v1/payment_intents/pi_1/confirm",
                "/v1/payment_intents/pi_1/cancel", "/v1/payment_intents/pi_1");
        assertThat(stripe.lastAsked().parameters()).containsEntry("expand[]", "latest_charge");
    }

    @Test
    void findsOnlyTheRowsOwnPayments() {
        String foreign = PAYMENT.replace("pi_1", "pi_2");
        String own = PAYMENT.replace("{\"id\"", "{\"metadata\": {\"coachpay_id\": \"" + ROW + "\"}, \"id\"");
        stripe.answers(200, "{\"data\": [" + foreign + "," + own + "], \"has_more\": false}");

        List<StripePaymentIntent> found = new StripePayments(stripe.calls()).find(ROW, "cus_1", NOON);

        assertThat(found).extracting(StripePaymentIntent::id).containsExactly("pi_1");
        assertThat(stripe.lastAsked().parameters()).containsEntry("customer", "cus_1").containsEntry("created[gte]",
                Long.toString(NOON.getEpochSecond() - 600));
    }

    @Test
    void refusesAFeeWithoutDestination() {
        Money amount = Money.parse("USD 10.00");

        assertThatIllegalArgumentException().isThrownBy(
                () -> new NewStripePayment(ROW, amount, Money.parse("USD 1.00"), "cus_1", null, null, "An hour", Map.of()));
    }

    @Test
    void opensACheckoutWhoseAmountIsTheRows() {
        stripe.answers(200, "{\"id\": \"cs_1\", \"object\": \"checkout.session\", \"status\": \"open\"}");

        new StripeCheckouts(stripe.calls()).create(payment(), null, false, NOON,
                "https://example.org/ok?s={CHECKOUT_SESSION_ID}",
                "https://example.org/no", "k:1");

        assertThat(stripe.lastAsked().form()).containsEntry("mode", "payment").containsEntry("customer", "cus_1")
                .containsEntry("line_items[0][price_data][unit_amount]", "12500")
                .containsEntry("line_items[0][price_data][currency]", "usd").containsEntry("line_items[0][quantity]", "1")
                .containsEntry("line_items[0][price_data][product_data][name]", "An hour")
                .containsEntry("payment_intent_data[application_fee_amount]", "2500")
                .containsEntry("payment_intent_data[transfer_data][destination]", "acct_1")
                .containsEntry("payment_intent_data[metadata][coachpay_id]", ROW.toString())
                .containsEntry("metadata[coachpay_id]", ROW.toString()).containsEntry("adaptive_pricing[enabled]", "false")
                .containsEntry("expires_at", Long.toString(NOON.getEpochSecond()))
                .containsEntry("success_url", "https://example.org/ok?s={CHECKOUT_SESSION_ID}")
                .containsEntry("client_reference_id", ROW.toString())
                .doesNotContainKeys("payment_method_types", "allow_promotion_codes");
        assertThat(stripe.lastAsked().form().get("excluded_payment_method_types[]")).contains("sepa_debit", "us_bank_account");
    }

    @Test
    void opensAPageForMethodsWhoseOutcomeComesDaysLater() {
        stripe.answers(200, "{\"id\": \"cs_1\", \"object\": \"checkout.session\", \"status\": \"open\"}");

        new StripeCheckouts(stripe.calls()).create(payment(), null, true, NOON, "https://example.org/ok",
                "https://example.org/no", "k:1");

        assertThat(stripe.lastAsked().form()).doesNotContainKey("excluded_payment_method_types[]");
    }

    @Test
    void sellsAProductThatStripeHas() {
        stripe.answers(200, "{\"id\": \"cs_1\", \"object\": \"checkout.session\", \"status\": \"open\"}");

        new StripeCheckouts(stripe.calls()).create(payment(), "prod_1", false, NOON, "https://example.org/ok",
                "https://example.org/no", "k:1");

        assertThat(stripe.lastAsked().form()).containsEntry("line_items[0][price_data][product]", "prod_1")
                .containsEntry("line_items[0][price_data][unit_amount]", "12500")
                .containsEntry("payment_intent_data[description]", "An hour")
                .doesNotContainKey("line_items[0][price_data][product_data][name]");
    }

    @Test
    void opensAPageOnWhichASubscriptionBegins() {
        String page = "{\"id\": \"cs_1\", \"object\": \"checkout.session\", \"status\": \"open\", \"mode\": \"subscription\"}";
        stripe.answers(200, page).answers(200, page);
        StripeCheckouts checkouts = new StripeCheckouts(stripe.calls());

        checkouts.subscribe(new NewStripeSubscription(ROW, "cus_1", "price_1", 14, false), NOON, "https://example.org/ok",
                "https://example.org/no", "k:1");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/checkout/sessions");
        assertThat(stripe.lastAsked().form()).containsEntry("mode", "subscription").containsEntry("customer", "cus_1")
                .containsEntry("line_items[0][price]", "price_1").containsEntry("line_items[0][quantity]", "1")
                .containsEntry("client_reference_id", ROW.toString()).containsEntry("metadata[coachpay_id]", ROW.toString())
                .containsEntry("subscription_data[metadata][coachpay_id]", ROW.toString())
                .containsEntry("subscription_data[billing_mode][type]", "flexible")
                .containsEntry("subscription_data[trial_period_days]", "14")
                .containsEntry("subscription_data[trial_settings][end_behavior][missing_payment_method]", "cancel")
                .containsEntry("payment_method_collection", "always").containsEntry("adaptive_pricing[enabled]", "false")
                .containsEntry("expires_at", Long.toString(NOON.getEpochSecond()));
        checkouts.subscribe(new NewStripeSubscription(ROW, "cus_1", "price_1", 0, false), NOON, "https://example.org/ok",
                "https://example.org/no", "k:1");
        assertThat(stripe.lastAsked().form()).doesNotContainKeys("subscription_data[trial_period_days]",
                "subscription_data[trial_settings][end_behavior][missing_payment_method]", "automatic_tax[enabled]",
                "billing_address_collection", "customer_update[address]", "customer_update[name]");
    }

    @Test
    void makesASubscriptionWhoseFirstInvoiceIsPaidThereafter() {
        String told = "{\"id\": \"sub_1\", \"object\": \"subscription\", \"status\": \"incomplete\"}";
        stripe.answers(200, told).answers(200, told);
        StripeSubscriptions subscriptions = new StripeSubscriptions(stripe.calls());

        subscriptions.create(new NewStripeSubscription(ROW, "cus_1", "price_1", 14, false), "k:1");
        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/subscriptions");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("customer", "cus_1"),
                Map.entry("items[0][price]", "price_1"), Map.entry("payment_behavior", "default_incomplete"),
                Map.entry("billing_mode[type]", "flexible"), Map.entry("trial_period_days", "14"),
                Map.entry("trial_settings[end_behavior][missing_payment_method]", "cancel"),
                Map.entry("metadata[coachpay_id]", ROW.toString()));
        subscriptions.create(new NewStripeSubscription(ROW, "cus_1", "price_1", 0, false), "k:2");
        assertThat(stripe.lastAsked().form()).doesNotContainKeys("trial_period_days",
                "trial_settings[end_behavior][missing_payment_method]");
    }

    @Test
    void asksForTheAddressOfSubscribersWhoAreTaxed() {
        stripe.answers(200, "{\"id\": \"cs_1\", \"object\": \"checkout.session\", \"status\": \"open\"}")
                .answers(200, "{\"id\": \"sub_1\", \"object\": \"subscription\", \"status\": \"incomplete\"}");
        NewStripeSubscription taxed = new NewStripeSubscription(ROW, "cus_1", "price_1", 0, true);

        new StripeCheckouts(stripe.calls()).subscribe(taxed, NOON, "https://example.org/ok", "https://example.org/no", "k:1");
        assertThat(stripe.lastAsked().form()).containsEntry("automatic_tax[enabled]", "true")
                .containsEntry("billing_address_collection", "required").containsEntry("customer_update[address]", "auto")
                .containsEntry("customer_update[name]", "auto");
        new StripeSubscriptions(stripe.calls()).create(taxed, "k:2");
        assertThat(stripe.lastAsked().form()).containsEntry("automatic_tax[enabled]", "true")
                .doesNotContainKeys("billing_address_collection", "customer_update[address]");
    }

    @Test
    void paysInvoicesOfSubscriptions() {
        StripeInvoices invoices = new StripeInvoices(stripe.calls());
        stripe.answers(200, "{\"id\": \"in_1\", \"object\": \"invoice\", \"status\": \"paid\"}");
        invoices.pay("in_1", "pm_1", "k:1");
        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/invoices/in_1/pay");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("payment_method", "pm_1"));

        stripe.answers(402, """
                {"error": {"type": "card_error", "code": "invoice_payment_intent_requires_action", "message": "Ask."}}""");
        assertThatThrownBy(() -> invoices.pay("in_1", "pm_1", "k:2"))
                .isInstanceOf(StripeRefused.AuthenticationRequired.class);
        stripe.answers(400, "{\"error\": {\"type\": \"invalid_request_error\", \"message\": \"Invoice is already paid\"}}");
        assertThatThrownBy(() -> invoices.pay("in_1", "pm_1", "k:3")).isInstanceOf(StripeRefused.UnexpectedState.class);

        String open = "{\"id\": \"in_1\", \"object\": \"invoice\", \"status\": \"open\","
                + " \"confirmation_secret\": {\"client_secret\": \"pi_1_secret_2\"}}";
        stripe.answers(200, open).answers(200, open.replace("open", "paid"));
        assertThat(invoices.clientSecret("in_1")).isEqualTo("pi_1_secret_2");
        assertThat(invoices.clientSecret("in_1")).isNull();
    }

    @Test
    void letsASubscriptionEndAndGoOn() {
        String told = "{\"id\": \"sub_1\", \"object\": \"subscription\", \"status\": \"active\"}";
        stripe.answers(200, told).answers(200, told).answers(200, told).answers(200, told).answers(200, told);
        StripeSubscriptions subscriptions = new StripeSubscriptions(stripe.calls());

        subscriptions.endWithPeriod("sub_1", "k:1");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("cancel_at_period_end", "true"));
        subscriptions.goOn("sub_1", true, "k:2");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("cancel_at_period_end", "false"));
        subscriptions.goOn("sub_1", false, "k:3");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("cancel_at", ""));
        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/subscriptions/sub_1");
        assertThat(subscriptions.cancel("sub_1").status()).isEqualTo("active");
        subscriptions.clearPaymentMethod("sub_1", "k:4");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("default_payment_method", ""));
    }

    @Test
    void readsTheOneItemOfASubscription() {
        stripe.answers(200,
                """
                        {"id": "sub_1", "object": "subscription", "status": "active", "customer": "cus_1", "cancel_at": 1770000000,
                         "cancel_at_period_end": false, "trial_start": null, "pause_collection": {"behavior": "void"},
                         "cancellation_details": {"reason": "cancellation_requested"}, "latest_invoice": {"id": "in_1"},
                         "schedule": "sub_sched_1", "pending_update": {"expires_at": 1760000001, "subscription_items": [{"price": {"id": "price_2"}}]},
                         "items": {"data": [{"id": "si_1", "price": {"id": "price_1"}, "current_period_start": 1760000000,
                                             "current_period_end": 1762592000}]}, "metadata": {"coachpay_id": "%s"}}"""
                        .formatted(ROW));

        StripeSubscription read = new StripeSubscriptions(stripe.calls()).retrieve("sub_1");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/subscriptions/sub_1");
        assertThat(read.isOf(ROW)).isTrue();
        assertThat(read.status()).isEqualTo("active");
        assertThat(read.priceId()).isEqualTo("price_1");
        assertThat(read.periodStart()).isEqualTo(Instant.ofEpochSecond(1_760_000_000));
        assertThat(read.periodEnd()).isEqualTo(Instant.ofEpochSecond(1_762_592_000));
        assertThat(read.cancelAt()).isEqualTo(Instant.ofEpochSecond(1_770_000_000));
        assertThat(read.cancelAtPeriodEnd()).isFalse();
        assertThat(read.reason()).isEqualTo("cancellation_requested");
        assertThat(read.pendingPriceId()).isEqualTo("price_2");
        assertThat(read.pendingExpiresAt()).isEqualTo(Instant.ofEpochSecond(1_760_000_001));
        assertThat(read.scheduleId()).isEqualTo("sub_sched_1");
        assertThat(read.collectionPaused()).isTrue();
        assertThat(read.latestInvoiceId()).isEqualTo("in_1");
        assertThat(read.trialStart()).isNull();
    }

    @Test
    void makesAPriceThatIsPaidAgainAndAgain() {
        String price = "{\"id\": \"price_1\", \"object\": \"price\", \"product\": \"prod_1\", \"active\": true}";
        stripe.answers(200, price).answers(200, price).answers(200, price.replace("true", "false"));
        StripePrices prices = new StripePrices(stripe.calls());

        assertThat(prices.create(ROW, Money.parse("USD 19.00"), "month", null, "Pro", "k:1").productId()).isEqualTo("prod_1");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/prices");
        assertThat(stripe.lastAsked().form()).containsEntry("currency", "usd").containsEntry("unit_amount", "1900")
                .containsEntry("recurring[interval]", "month").containsEntry("metadata[coachpay_id]", ROW.toString())
                .containsEntry("product_data[name]", "Pro")
                .containsEntry("product_data[metadata][coachpay_id]", ROW.toString()).doesNotContainKey("product");
        prices.create(ROW, Money.parse("USD 19.00"), "month", "prod_1", "Pro", "k:1");
        assertThat(stripe.lastAsked().form()).containsEntry("product", "prod_1")
                .doesNotContainKeys("product_data[name]", "product_data[metadata][coachpay_id]");
        assertThat(prices.offer("price_1", false, "k:2").active()).isFalse();
        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/prices/price_1");
        assertThat(stripe.lastAsked().form()).containsOnly(Map.entry("active", "false"));
    }

    @Test
    void tellsThatACheckoutWasNotOpenAnyMore() {
        stripe.refuses(400, "{\"type\": \"invalid_request_error\", \"message\": \"Only open sessions can be expired.\"}");
        StripeCheckouts checkouts = new StripeCheckouts(stripe.calls());

        assertThatThrownBy(() -> checkouts.expire("cs_1", "k:1")).isInstanceOf(StripeRefused.UnexpectedState.class);
    }

    @Test
    void createsAnExpressAccountThatThePlatformAnswersFor() {
        stripe.answers(200, "{\"id\": \"acct_1\", \"object\": \"account\"}");

        new StripeAccounts(stripe.calls()).create(ROW, "US", null, "carol@example.org", "k:1");

        assertThat(stripe.lastAsked().form()).containsEntry("controller[fees][payer]", "application")
                .containsEntry("controller[losses][payments]", "application")
                .containsEntry("controller[requirement_collection]", "stripe")
                .containsEntry("controller[stripe_dashboard][type]", "express")
                .containsEntry("capabilities[card_payments][requested]", "true")
                .containsEntry("capabilities[transfers][requested]", "true").containsEntry("country", "US")
                .containsEntry("metadata[coachpay_id]", ROW.toString()).doesNotContainKeys("type", "business_type");
    }

    @Test
    void makesPayoutsManualOnTheAccountItself() {
        stripe.answers(200, """
                {"object": "balance_settings", "payments": {"debit_negative_balances": false,
                 "payouts": {"schedule": {"interval": "manual"}}}}""");

        StripeBalanceSettings settings = new StripeAccounts(stripe.calls()).makePayoutsManual("acct_1", "k:1");

        assertThat(settings.isManual()).isTrue();
        assertThat(stripe.lastAsked().header("Stripe-Account")).isEqualTo("acct_1");
        assertThat(stripe.lastAsked().form()).isEqualTo(Map.of("payments[payouts][schedule][interval]", "manual",
                "payments[debit_negative_balances]", "false"));
    }

    @Test
    void makesEachLinkAnewAndNeverPrintsIt() {
        stripe.answers(200, "{\"object\": \"account_link\", \"url\": \"https://connect/1\", \"expires_at\": 100}")
                .answers(200, "{\"object\": \"login_link\", \"url\": \"https://connect/2\"}")
                .answers(200, "{\"object\": \"account_session\", \"client_secret\": \"accs_1\", \"expires_at\": 100}");
        StripeAccounts accounts = new StripeAccounts(stripe.calls());

        StripeLink onboarding = accounts.onboardingLink("acct_1", "https://example.org/again", "https://example.org/back");
        StripeLink login = accounts.loginLink("acct_1");
        StripeAccountSession session = accounts.accountSession("acct_1");

        assertThat(onboarding).isEqualTo(new StripeLink("https://connect/1", Instant.ofEpochSecond(100)));
        assertThat(login.url()).isEqualTo("https://connect/2");
        assertThat(session.clientSecret()).isEqualTo("accs_1");
        assertThat(onboarding + " " + login + " " + session).doesNotContain("connect", "accs_1");
    }

    @Test
    void refundsWithEveryonesShare() {
        stripe.answers(200, "{\"id\": \"re_1\", \"object\": \"refund\", \"amount\": 5000, \"currency\": \"kwd\"}");

        StripeRefund refund = new StripeRefunds(stripe.calls())
                .create(new StripeRefunds.NewRefund(ROW, "pi_1", Money.parse("KWD 5.000"), true, true, null), "k:1");

        assertThat(refund.amount()).isEqualTo(Money.parse("KWD 5.000"));
        assertThat(stripe.lastAsked().form()).isEqualTo(Map.of("payment_intent", "pi_1", "amount", "5000", "reverse_transfer",
                "true", "refund_application_fee", "true", "metadata[coachpay_id]", ROW.toString()));
    }

    @Test
    void paysOutOnTheAccountItself() {
        stripe.answers(200, PAYOUT).answers(200, PAYOUT).answers(200, PAYOUT);
        StripePayouts payouts = new StripePayouts(stripe.calls());

        payouts.create("acct_1", new StripePayouts.NewPayout(ROW, Money.parse("KWD 5.000"), true), "k:1");
        payouts.retrieve("acct_1", "po_1");
        payouts.cancel("acct_1", "po_1", "k:2");

        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::path).containsExactly("/v1/payouts", "/v1/payouts/po_1",
                "/v1/payouts/po_1/cancel");
        assertThat(stripe.asked()).extracting(asked -> asked.header("Stripe-Account")).containsOnly("acct_1");
        assertThat(stripe.asked()).extracting(asked -> asked.header("Idempotency-Key")).containsExactly("k:1", null, "k:2");
        assertThat(stripe.asked().get(0).form()).isEqualTo(Map.of("amount", "5000", "currency", "kwd", "method", "instant",
                "metadata[coachpay_id]", ROW.toString()));
    }

    @Test
    void debitsTheAccountForThePlatform() {
        stripe.answers(200, "{\"id\": \"acct_ours\", \"object\": \"account\"}").answers(200, """
                {"id": "tr_1", "object": "transfer", "amount": 100, "currency": "usd", "created": 1, "destination": "acct_ours",
                 "destination_payment": "py_1", "metadata": {"coachpay_id": "%s"}}""".formatted(ROW));
        StripeAccounts accounts = new StripeAccounts(stripe.calls());
        String platform = accounts.platformId();
        assertThat(accounts.platformId()).isEqualTo(platform);

        StripeTransfer debit = new StripeTransfers(stripe.calls())
                .debit(new StripeTransfers.NewDebit(ROW, "acct_1", Money.parse("USD 1.00"), platform), "k:1");

        assertThat(debit.isOf(ROW)).isTrue();
        assertThat(debit.destinationPaymentId()).isEqualTo("py_1");
        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::path).containsExactly("/v1/account", "/v1/transfers");
        assertThat(stripe.lastAsked().header("Stripe-Account")).isEqualTo("acct_1");
        assertThat(stripe.lastAsked().form()).isEqualTo(Map.of("amount", "100", "currency", "usd", "destination", "acct_ours",
                "metadata[coachpay_id]", ROW.toString()));
    }

    @Test
    void listsAnAccountsPayoutsToTheirEnd() {
        stripe.answers(200, "{\"data\": [" + PAYOUT + "], \"has_more\": true}")
                .answers(200, "{\"data\": [" + PAYOUT.replace("po_1", "po_2") + "], \"has_more\": false}");

        List<StripePayout> payouts = new StripePayouts(stripe.calls()).list("acct_1", NOON);

        assertThat(payouts).extracting(StripePayout::id).containsExactly("po_1", "po_2");
        assertThat(stripe.asked()).extracting(asked -> asked.header("Stripe-Account")).containsOnly("acct_1");
        assertThat(stripe.lastAsked().parameters()).isEqualTo(Map.of("created[gte]",
                Long.toString(NOON.getEpochSecond() - 600), "limit", "100", "starting_after", "po_1"));
    }

    @Test
    void tellsThatThereIsNoBankForTheCurrency() {
        stripe.refuses(400, "{\"type\": \"invalid_request_error\", \"param\": \"currency\", \"message\": \"No bank.\"}")
                .refuses(400, "{\"type\": \"invalid_request_error\", \"message\": \"No bank.\"}")
                .refuses(400, "{\"type\": \"invalid_request_error\", \"param\": \"amount\", \"message\": \"No.\"}");
        StripePayouts payouts = new StripePayouts(stripe.calls());
        StripePayouts.NewPayout payout = new StripePayouts.NewPayout(ROW, Money.parse("EUR 5.00"), false);

        assertThatThrownBy(() -> payouts.create("acct_1", payout, "k:1")).isInstanceOf(StripeRefused.AccountNotReady.class);
        assertThatThrownBy(() -> payouts.create("acct_1", payout, "k:2")).isInstanceOf(StripeRefused.AccountNotReady.class);
        assertThatThrownBy(() -> payouts.create("acct_1", payout, "k:3")).isInstanceOf(StripeRefused.InvalidRequest.class);
    }

    @Test
    void movesMoneyToACoachAndTakesItBackWithoutTheFee() {
        stripe.answers(200, "{\"id\": \"tr_1\", \"object\": \"transfer\", \"amount\": 5000, \"currency\": \"usd\"}")
                .answers(200, "{\"id\": \"trr_1\", \"object\": \"transfer_reversal\", \"amount\": 50, \"currency\": \"usd\"}");
        StripeTransfers transfers = new StripeTransfers(stripe.calls());

        transfers.create(new StripeTransfers.NewTransfer(ROW, "acct_1", Money.parse("USD 50.00"), "group"), "k:1");
        transfers.reverse(new StripeTransfers.NewReversal(ROW, "tr_1", Money.parse("USD 0.50")), "k:2");

        assertThat(stripe.asked().get(0).path()).isEqualTo("/v1/transfers");
        assertThat(stripe.asked().get(0).form()).isEqualTo(Map.of("amount", "5000", "currency", "usd", "destination", "acct_1",
                "transfer_group", "group", "metadata[coachpay_id]", ROW.toString()));
        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/transfers/tr_1/reversals");
        assertThat(stripe.lastAsked().form()).isEqualTo(
                Map.of("amount", "50", "refund_application_fee", "false", "metadata[coachpay_id]", ROW.toString()));
    }

    @Test
    void givesAPartOfTheFeeBack() {
        stripe.answers(200, "{\"id\": \"fr_1\", \"object\": \"fee_refund\", \"amount\": 50, \"currency\": \"usd\"}");

        new StripeRefunds(stripe.calls())
                .refundFee(new StripeRefunds.NewFeeRefund(ROW, "fee_1", Money.parse("USD 0.50")), "k:1");

        assertThat(stripe.lastAsked().path()).isEqualTo("/v1/application_fees/fee_1/refunds");
        assertThat(stripe.lastAsked().form()).isEqualTo(Map.of("amount", "50", "metadata[coachpay_id]", ROW.toString()));
    }

    @Test
    void stagesEvidenceInTheOrderOfItsNamesBeforeItSubmits() {
        stripe.answers(200, DISPUTE).answers(200, DISPUTE);
        StripeDisputes disputes = new StripeDisputes(stripe.calls());

        disputes.stage("dp_1", Map.of("service_date", "2026-11-20", "customer_name", "Alice"), "k:1");
        disputes.submit("dp_1", Map.of(), "k:2");

        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::path).containsOnly("/v1/disputes/dp_1");
        assertThat(stripe.asked().get(0).body())
                .isEqualTo("evidence%5Bcustomer_name%5D=Alice&evidence%5Bservice_date%5D=2026-11-20&submit=false");
        assertThat(stripe.lastAsked().body()).isEqualTo("submit=true");
    }

    @Test
    void listsEachKindFromAMomentOn() {
        for (int i = 0; i < 5; i++) {
            stripe.answers(200, "{\"data\": [], \"has_more\": false}");
        }

        new StripePayouts(stripe.calls()).page(null, NOON, "x_1", 7);
        new StripeTransfers(stripe.calls()).page(NOON, "x_1", 7);
        new StripeRefunds(stripe.calls()).page(NOON, "x_1", 7);
        new StripeRefunds(stripe.calls()).feePage(NOON, "x_1", 7);
        new StripeDisputes(stripe.calls()).page(NOON, "x_1", 7);

        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::path).containsExactly("/v1/payouts", "/v1/transfers",
                "/v1/refunds", "/v1/application_fees", "/v1/disputes");
        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::parameters).containsOnly(
                Map.of("created[gte]", Long.toString(NOON.getEpochSecond()), "starting_after", "x_1", "limit", "7"));
    }

    @Test
    void importsBalanceTransactionsPageByPage() {
        stripe.answers(200, """
                {"has_more": true, "data": [{"id": "txn_1", "object": "balance_transaction", "type": "payment",
                 "amount": 12500, "fee": 2500, "net": 10000, "currency": "usd", "created": 10, "available_on": 20,
                 "status": "pending", "source": "py_1"}]}""");

        StripePage<JsonNode> page = new StripeBalances(stripe.calls()).transactions("acct_1", NOON, "txn_9", 2);

        assertThat(page.next()).isEqualTo("txn_1");
        assertThat(StripeBalanceTransaction.from(page.data().get(0)).net()).isEqualTo(Money.parse("USD 100.00"));
        assertThat(stripe.lastAsked().header("Stripe-Account")).isEqualTo("acct_1");
        assertThat(stripe.lastAsked().parameters()).isEqualTo(Map.of("created[gte]", Long.toString(NOON.getEpochSecond()),
                "starting_after", "txn_9", "limit", "2"));
    }

    @Test
    void listsEventsOfTheTypesAskedFor() {
        stripe.answers(200, "{\"has_more\": false, \"data\": [{\"id\": \"evt_1\", \"type\": \"payout.paid\"}]}");

        StripePage<JsonNode> page = new StripeEvents(stripe.calls()).list("acct_1", List.of("payout.paid", "account.updated"),
                NOON, null, 50);

        assertThat(page.data()).hasSize(1);
        assertThat(stripe.lastAsked().parameters()).containsEntry("types[]", "account.updated,payout.paid");
    }

    @Test
    void asksForNoMoreTypesOfEventsThanStripeTakes() {
        List<String> types = IntStream.range(0, 21).mapToObj(i -> "type." + i).toList();

        assertThatThrownBy(() -> new StripeEvents(stripe.calls()).list(null, types, NOON, null, 50))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fetchesAnyObjectByItsType() {
        stripe.answers(200, "{\"id\": \"cs_1\"}").answers(200, "{\"id\": \"acct_1\"}").answers(200, "{\"payments\": {}}");
        StripeEvents events = new StripeEvents(stripe.calls());

        events.fetch("checkout.session", "cs_1", null);
        events.fetch("account", "acct_1", "acct_1");
        events.fetch("balance_settings", "", "acct_1");

        assertThat(stripe.asked()).extracting(ScriptedStripe.Asked::path).containsExactly("/v1/checkout/sessions/cs_1",
                "/v1/accounts/acct_1", "/v1/balance_settings");
        assertThat(stripe.asked()).extracting(asked -> asked.header("Stripe-Account")).containsExactly(null, null, "acct_1");
        assertThat(events.canFetch("charge")).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> events.fetch("radar.rule", "x", null));
    }

    @Test
    void staysReadyWhileStripeIsAwayButNotWithoutAKeyThatWorks() {
        stripe.answers(503, "");
        StripeKey key = new StripeKey(Clock.systemUTC(), stripe.meters);
        StripeBalances balances = new StripeBalances(stripe.calls(key));
        StripeReadiness away = new StripeReadiness(balances, key);
        assertThat(away.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(away.call().getData().orElseThrow()).containsEntry("lastOutcome", "away");
        assertThat(stripe.asked()).hasSize(1);

        stripe.refuses(401, "{\"type\": \"invalid_request_error\"}");
        StripeReadiness refused = new StripeReadiness(balances, key);
        assertThat(refused.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    }

    private static NewStripePayment payment() {
        return new NewStripePayment(ROW, Money.parse("USD 125.00"), Money.parse("USD 25.00"), "cus_1", "acct_1", "acct_1",
                "An hour", Map.of("session_id", "s1"));
    }
}
