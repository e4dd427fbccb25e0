package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Every verb against a stateful Stripe. */
class StripeAgainstSandboxTest {

    private static final Money PRICE = Money.parse("USD 125.00");

    private static final Money FEE = Money.parse("USD 25.00");

    private static Sandbox sandbox;

    private final StripeCalls calls = ScriptedStripe.calls(base(), 0, Duration.ofSeconds(5), new SimpleMeterRegistry());
    private final StripeAccounts accounts = new StripeAccounts(calls);
    private final StripeCustomers customers = new StripeCustomers(calls);
    private final StripeProducts products = new StripeProducts(calls);
    private final StripePrices prices = new StripePrices(calls);
    private final StripePayments payments = new StripePayments(calls);
    private final StripeCheckouts checkouts = new StripeCheckouts(calls);
    private final StripePaymentMethods methods = new StripePaymentMethods(calls);
    private final StripeSetups setups = new StripeSetups(calls);
    private final StripeRefunds refunds = new StripeRefunds(calls);
    private final StripeTransfers transfers = new StripeTransfers(calls);
    private final StripePayouts payouts = new StripePayouts(calls);
    private final StripeDisputes disputes = new StripeDisputes(calls);
    private final StripeBalances balances = new StripeBalances(calls);
    private final StripeEvents events = new StripeEvents(calls);

    private final UUID row = UUID.randomUUID();
    private final Instant start = Instant.now();

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start(Options.ofTests());
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    @Test
    void onboardsACoach() {
        StripeAccount created = accounts.create(row, "US", "individual", "carol@example.org", key("create"));
        StripeAccount again = accounts.create(row, "US", "individual", "carol@example.org", key("create"));
        assertThat(again.id()).isEqualTo(created.id());
        assertThat(created.canBePaid()).isFalse();
        assertThat(created.requirements().isDue()).isTrue();
        assertThat(accounts.find(row, start)).extracting(StripeAccount::id).containsExactly(created.id());

        StripeLink link = accounts.onboardingLink(created.id(), "https://example.org/again", "https://example.org/back");
        assertThat(link.url()).startsWith("http");
        assertThat(accounts.accountSession(created.id()).clientSecret()).isNotEmpty();
        assertThatThrownBy(() -> accounts.loginLink(created.id())).isInstanceOf(StripeRefused.class);

        control("/accounts/" + created.id() + "/complete-onboarding", "{}");
        StripeAccount onboarded = accounts.retrieve(created.id());
        assertThat(onboarded.canBePaid()).isTrue();
        assertThat(onboarded.payoutsEnabled()).isTrue();
        assertThat(onboarded.settlementCurrencies()).containsExactly("USD");
        assertThat(accounts.makePayoutsManual(created.id(), key("manual")).isManual()).isTrue();
        assertThat(accounts.balanceSettings(created.id()).isManual()).isTrue();
        assertThat(accounts.loginLink(created.id()).url()).startsWith("http");

        control("/accounts/" + created.id() + "/deauthorize", "{}");
        assertThatThrownBy(() -> accounts.retrieve(created.id())).isInstanceOf(StripeRefused.NotPermitted.class);
    }

    @Test
    void refusesToPayACoachWhoIsNotReady() {
        String account = accounts.create(row, "US", null, null, key("account")).id();
        NewStripePayment payment = payment(customer(), account);

        assertThatThrownBy(() -> payments.create(payment, key("pay"))).isInstanceOf(StripeRefused.AccountNotReady.class);
    }

    @Test
    void beginsASubscriptionOnItsPage() {
        StripeSubscriptions subscriptions = new StripeSubscriptions(calls);
        StripePrice price = prices.create(row, Money.parse("USD 19.00"), "month", null, "Pro", key("price"));
        StripeCheckoutSession page = checkouts.subscribe(new NewStripeSubscription(row, customer(), price.id(), 14, false),
                Instant.now().plusSeconds(3600), "https://example.org/ok", "https://example.org/no", key("page"));
        control("/checkout/sessions/" + page.id() + "/pay", "{\"paymentMethod\": \"pm_card_visa\"}");

        String id = String.valueOf(checkouts.retrieve(page.id()).subscriptionId());

        StripeSubscription begun = subscriptions.retrieve(id);
        assertThat(begun.isOf(row)).isTrue();
        assertThat(begun.status()).isEqualTo("trialing");
        assertThat(begun.priceId()).isEqualTo(price.id());
        assertThat(begun.trialEnd()).isEqualTo(begun.periodEnd());
        assertThat(subscriptions.endWithPeriod(id, key("end")).cancelAtPeriodEnd()).isTrue();
        assertThat(subscriptions.goOn(id, true, key("go on")).cancelAt()).isNull();
        assertThat(subscriptions.cancel(id).status()).isEqualTo("canceled");
        assertThatThrownBy(() -> subscriptions.cancel(id)).isInstanceOf(StripeRefused.ResourceMissing.class);
        assertThat(subscriptions.retrieve(id).endedAt()).isNotNull();
    }

    @Test
    void taxesSubscriptionsWhoseOwnersPlaceIsKnown() {
        StripeSubscriptions subscriptions = new StripeSubscriptions(calls);
        StripePrice price = prices.create(row, Money.parse("USD 19.00"), "month", null, "Pro", key("price"));
        NewStripeSubscription taxed = new NewStripeSubscription(row, customer(), price.id(), 14, true);

        assertThatThrownBy(() -> subscriptions.create(taxed, key("create")))
                .isInstanceOfSatisfying(StripeRefused.InvalidRequest.class,
                        refused -> assertThat(refused.isPlaceUnknown()).isTrue());
        StripeCheckoutSession page = checkouts.subscribe(taxed, Instant.now().plusSeconds(3600), "https://example.org/ok",
                "https://example.org/no", key("page"));
        control("/checkout/sessions/" + page.id() + "/pay", "{\"paymentMethod\": \"pm_card_visa\"}");

        String id = String.valueOf(checkouts.retrieve(page.id()).subscriptionId());
        assertThat(
                calls.get("test", "/v1/subscriptions/" + id, new StripeForm(), null).at("/automatic_tax/enabled").asBoolean())
                .isTrue();
    }

    @Test
    void keepsOnePriceForEachRow() {
        StripePrice price = prices.create(row, Money.parse("USD 19.00"), "month", null, "Pro", key("create"));
        String product = String.valueOf(price.productId());

        assertThat(price.active()).isTrue();
        assertThat(prices.find(row, start)).extracting(StripePrice::id).containsExactly(price.id());
        assertThat(prices.find(UUID.randomUUID(), start)).isEmpty();
        assertThat(products.find(row, start)).extracting(StripeProduct::id).containsExactly(product);
        assertThat(prices.offer(price.id(), false, key("close")).active()).isFalse();
        assertThat(products.offer(product, "Professional", key("name")).name()).isEqualTo("Professional");
        assertThat(prices.create(UUID.randomUUID(), Money.parse("USD 29.00"), "year", product, "Pro", key("next")).productId())
                .isEqualTo(product);
        assertThatThrownBy(() -> prices.offer("price_nothing", true, key("lost")))
                .isInstanceOf(StripeRefused.ResourceMissing.class);
    }

    @Test
    void keepsOneProductForEachRow() {
        StripeProduct product = products.create(row, "Pro", key("create"));

        assertThat(products.rename(product.id(), "Professional", key("rename")).name()).isEqualTo("Professional");
        assertThat(products.find(row, start)).extracting(StripeProduct::id).containsExactly(product.id());
        assertThat(products.find(UUID.randomUUID(), start)).isEmpty();
        assertThatThrownBy(() -> products.create(row, "Another", key("create"))).isInstanceOf(StripeRefused.KeyReused.class);
        assertThatThrownBy(() -> products.rename("prod_nothing", "Pro", key("lost")))
                .isInstanceOf(StripeRefused.ResourceMissing.class);
    }

    @Test
    void keepsOneCustomerForEachRow() {
        StripeCustomer customer = customers.create(row, "alice@example.org", "Alice", key("create"));

        customers.update(customer.id(), "alice@example.com", null, key("update"));

        assertThat(customers.retrieve(customer.id()).email()).isEqualTo("alice@example.com");
        assertThat(customers.retrieve(customer.id()).name()).isEqualTo("Alice");
        assertThat(customers.find(row, start)).extracting(StripeCustomer::id).containsExactly(customer.id());
        assertThatThrownBy(() -> customers.create(row, "eve@example.org", "Eve", key("create")))
                .isInstanceOf(StripeRefused.KeyReused.class);
        customers.delete(customer.id());
        assertThat(customers.retrieve(customer.id()).deleted()).isTrue();
        assertThatThrownBy(() -> customers.retrieve("cus_nobody")).isInstanceOf(StripeRefused.ResourceMissing.class);
    }

    @Test
    void paysDeclinesAndPaysAgain() {
        String coach = coach();
        String mentee = customer();
        StripePaymentIntent created = payments.create(payment(mentee, coach), key("create"));
        assertThat(created.status()).isEqualTo(StripePaymentIntent.Status.REQUIRES_PAYMENT_METHOD);
        assertThat(created.clientSecret()).isNotEmpty();

        StripeRefused.CardDeclined declined = catchThrowableOfType(StripeRefused.CardDeclined.class,
                () -> payments.confirm(created.id(), "pm_card_visa_chargeDeclinedInsufficientFunds",
                        "https://example.org/back", key("confirm:1")));
        assertThat(declined.declineCode()).isEqualTo("insufficient_funds");
        assertThat(declined.paymentIntent().id()).isEqualTo(created.id());
        assertThat(payments.retrieve(created.id()).lastError().declineCode()).isEqualTo("insufficient_funds");

        StripePaymentIntent paid = payments.confirm(created.id(), "pm_card_visa", "https://example.org/back",
                key("confirm:2"));
        assertThat(paid.status()).isEqualTo(StripePaymentIntent.Status.SUCCEEDED);
        assertThat(paid.amountReceived()).isEqualTo(PRICE);
        assertThat(paid.applicationFee()).isEqualTo(FEE);
        assertThat(paid.destinationId()).isEqualTo(coach);
        assertThat(paid.paymentMethodType()).isEqualTo("card");
        assertThat(payments.find(row, mentee, start)).extracting(StripePaymentIntent::id).containsExactly(created.id());

        StripeRefused.UnexpectedState tooLate = catchThrowableOfType(StripeRefused.UnexpectedState.class,
                () -> payments.cancel(created.id(), key("cancel")));
        assertThat(tooLate.paymentIntent().status()).isEqualTo(StripePaymentIntent.Status.SUCCEEDED);
    }

    @Test
    void showsWhereThePaymentsMoneyWent() {
        String coach = coach();
        StripePaymentIntent paid = pay(coach);

        StripeCharge charge = payments.retrieve(paid.id()).latestCharge();
        StripeTransfer transfer = transfers.list(row.toString()).get(0);
        StripeApplicationFee fee = refunds.retrieveFee(charge.applicationFeeId());

        assertThat(charge.status()).isEqualTo(StripeCharge.Status.SUCCEEDED);
        assertThat(charge.card().last4()).isEqualTo("4242");
        assertThat(payments.retrieveCharge(charge.id()).transferId()).isEqualTo(transfer.id());
        assertThat(transfer.amount()).isEqualTo(PRICE);
        assertThat(transfer.destinationId()).isEqualTo(coach);
        assertThat(transfer.sourceChargeId()).isEqualTo(charge.id());
        assertThat(fee.amount()).isEqualTo(FEE);
        assertThat(fee.accountId()).isEqualTo(coach);
        List<StripeBalanceTransaction> lines = balances.transactions(coach, start.minusSeconds(60), null, 10).data().stream()
                .map(StripeBalanceTransaction::from).toList();
        assertThat(lines).extracting(StripeBalanceTransaction::sourceId).contains(transfer.destinationPaymentId());
        assertThat(lines).extracting(StripeBalanceTransaction::net).contains(Money.parse("USD 100.00"));
        assertThat(balances.balance(coach).pending()).contains(Money.parse("USD 100.00"));
        assertThat(StripeBalanceTransaction.from(balances.transaction(null, charge.balanceTransactionId())).fee())
                .isEqualTo(Money.parse("USD 3.93"));
    }

    @Test
    void refundsWithEveryonesShare() {
        StripePaymentIntent paid = pay(coach());

        StripeRefund refund = refunds.create(
                new StripeRefunds.NewRefund(row, paid.id(), Money.parse("USD 62.50"), true, true, "requested_by_customer"),
                key("refund"));

        assertThat(refunds.retrieve(refund.id()).status()).isEqualTo(StripeRefund.Status.SUCCEEDED);
        assertThat(refunds.page(start.minusSeconds(60), null, 100).data()).extracting(StripeRefund::id).contains(refund.id());
        assertThat(refunds.list(paid.id())).extracting(StripeRefund::coachpayId).containsExactly(row);
        StripeTransfer transfer = transfers.list(row.toString()).get(0);
        assertThat(transfers.retrieve(transfer.id()).amountReversed()).isEqualTo(Money.parse("USD 62.50"));
        assertThat(transfers.listReversals(transfer.id())).extracting(StripeTransfer.Reversal::id)
                .containsExactly(refund.transferReversalId());
        String feeId = payments.retrieve(paid.id()).latestCharge().applicationFeeId();
        assertThat(refunds.listFeeRefunds(feeId)).extracting(StripeApplicationFee.FeeRefund::amount)
                .containsExactly(Money.parse("USD 12.50"));
        assertThatThrownBy(
                () -> refunds.create(new StripeRefunds.NewRefund(row, paid.id(), PRICE, true, true, null), key("more")))
                .isInstanceOf(StripeRefused.InvalidRequest.class);
    }

    @Test
    void paysOutAndTakesAPayoutBack() {
        String coach = coach();
        payAtOnce(payment(customer(), coach));
        StripePayouts.NewPayout wanted = new StripePayouts.NewPayout(row, Money.parse("USD 60.00"), false);

        StripePayout payout = payouts.create(coach, wanted, key("payout"));

        assertThat(payout.status()).isEqualTo(StripePayout.Status.PENDING);
        assertThat(payout.isOf(row)).isTrue();
        assertThat(payouts.create(coach, wanted, key("payout")).id()).isEqualTo(payout.id());
        assertThat(payouts.list(coach, start)).extracting(StripePayout::id).containsExactly(payout.id());
        assertThat(payouts.page(coach, start.minusSeconds(60), null, 10).data()).containsExactly(payout);
        assertThat(balances.balance(coach).available()).contains(Money.parse("USD 40.00"));
        StripePayout canceled = payouts.cancel(coach, payout.id(), key("cancel"));
        assertThat(canceled.status()).isEqualTo(StripePayout.Status.CANCELED);
        assertThat(canceled.failureBalanceTransactionId()).isNotNull();
        assertThatThrownBy(() -> payouts.cancel(coach, payout.id(), key("again")))
                .isInstanceOf(StripeRefused.UnexpectedState.class);
    }

    @Test
    void tellsWhyItCannotPayOut() {
        String coach = coach();
        payAtOnce(payment(customer(), coach));

        assertThatThrownBy(() -> payout(coach, "USD 100.01", false)).isInstanceOf(StripeRefused.InsufficientBalance.class);
        assertThatThrownBy(() -> payout(coach, "EUR 1.00", false)).isInstanceOf(StripeRefused.AccountNotReady.class);
        StripeRefused.AccountNotReady slow = catchThrowableOfType(StripeRefused.AccountNotReady.class,
                () -> payout(coach, "USD 10.00", true));
        assertThat(slow.reason().code()).isEqualTo("instant_payouts_unsupported");
        assertThat(accounts.retrieve(coach).bankCurrencies()).containsExactly("USD");
        assertThat(accounts.retrieve(coach).instantCurrencies()).isEmpty();
        control("/accounts/" + coach + "/external-account", "{\"currency\": \"usd\", \"instant\": true}");
        assertThat(accounts.retrieve(coach).instantCurrencies()).containsExactly("USD");
        assertThat(payout(coach, "USD 10.00", true).instant()).isTrue();
        control("/accounts/" + coach + "/require", "{\"currentlyDue\": [\"external_account\"], \"disabled\": true}");
        assertThatThrownBy(() -> payout(coach, "USD 10.00", false)).isInstanceOf(StripeRefused.AccountNotReady.class);
    }

    @Test
    void tellsWhyAPayoutCameBack() {
        String coach = coach();
        payAtOnce(payment(customer(), coach));
        StripePayout payout = payout(coach, "USD 60.00", false);

        control("/payouts/" + payout.id() + "/fail", "{\"code\": \"no_account\"}");

        StripePayout failed = payouts.retrieve(coach, payout.id());
        assertThat(failed.status()).isEqualTo(StripePayout.Status.FAILED);
        assertThat(failed.failureCode()).isEqualTo("no_account");
        assertThat(failed.failureMessage()).isNotEmpty();
        assertThat(StripeBalanceTransaction.from(balances.transaction(coach, failed.failureBalanceTransactionId())).net())
                .isEqualTo(Money.parse("USD 60.00"));
    }

    @Test
    void movesMoneyToACoachAndTakesItBack() {
        String coach = coach();
        // Enough for the amounts that other tests' disputes take from the platform they share.
        payAtOnce(new NewStripePayment(row, Money.parse("USD 5000.00"), null, customer(), null, null, "Credits", Map.of()));
        Money half = Money.parse("USD 62.50");

        StripeTransfer transfer = transfers.create(new StripeTransfers.NewTransfer(row, coach, half, row.toString()),
                key("transfer"));

        assertThat(transfers.list(row.toString())).extracting(StripeTransfer::coachpayId).containsExactly(row);
        assertThat(transfers.page(start.minusSeconds(60), null, 100).data()).contains(transfer);
        assertThat(balances.balance(coach).available()).contains(half);
        StripeTransfer.Reversal reversal = transfers.reverse(
                new StripeTransfers.NewReversal(row, transfer.id(), Money.parse("USD 12.50")), key("reverse"));
        assertThat(reversal.transferId()).isEqualTo(transfer.id());
        assertThat(transfers.listReversals(transfer.id())).extracting(StripeTransfer.Reversal::coachpayId)
                .containsExactly(row);
        assertThatThrownBy(() -> transfers.reverse(new StripeTransfers.NewReversal(row, transfer.id(), half), key("more")))
                .isInstanceOf(StripeRefused.UnexpectedState.class);
        transfers.reverse(new StripeTransfers.NewReversal(row, transfer.id(), Money.parse("USD 50.00")), key("rest"));
        assertThatThrownBy(() -> transfers.reverse(new StripeTransfers.NewReversal(row, transfer.id(), half), key("none")))
                .isInstanceOf(StripeRefused.UnexpectedState.class);
        assertThat(transfers.retrieve(transfer.id()).reversed()).isTrue();
    }

    @Test
    void givesTheFeeBack() {
        StripePaymentIntent paid = pay(coach());
        String fee = payments.retrieve(paid.id()).latestCharge().applicationFeeId();

        StripeApplicationFee.FeeRefund refund = refunds
                .refundFee(new StripeRefunds.NewFeeRefund(row, fee, Money.parse("USD 12.50")), key("fee"));

        assertThat(refund.feeId()).isEqualTo(fee);
        assertThat(refunds.listFeeRefunds(fee)).filteredOn(each -> each.isOf(row))
                .extracting(StripeApplicationFee.FeeRefund::id).containsExactly(refund.id());
        assertThat(refunds.feePage(start.minusSeconds(60), null, 100).data()).extracting(StripeApplicationFee::id)
                .contains(fee);
        assertThatThrownBy(() -> refunds.refundFee(new StripeRefunds.NewFeeRefund(row, fee, FEE), key("more")))
                .isInstanceOf(StripeRefused.UnexpectedState.class);
    }

    @Test
    void answersADispute() {
        StripePaymentIntent paid = pay(coach());
        control("/disputes", "{\"charge\": \"" + paid.latestCharge().id() + "\"}");

        StripeDispute opened = disputes.list(paid.id()).get(0);
        StripeDispute staged = disputes.stage(opened.id(), Map.of("customer_name", "Alice"), key("stage"));
        StripeDispute submitted = disputes.submit(opened.id(), Map.of("uncategorized_text", "She was there"), key("submit"));

        assertThat(opened.status()).isEqualTo(StripeDispute.Status.NEEDS_RESPONSE);
        assertThat(opened.chargeId()).isEqualTo(paid.latestCharge().id());
        assertThat(opened.evidenceDueBy()).isAfter(start);
        assertThat(opened.hasEvidence()).isFalse();
        assertThat(opened.balanceTransactions()).extracting(StripeBalanceTransaction::amount).containsExactly(PRICE.negated());
        assertThat(staged.status()).isEqualTo(StripeDispute.Status.NEEDS_RESPONSE);
        assertThat(staged.hasEvidence()).isTrue();
        assertThat(staged.submissions()).isZero();
        assertThat(submitted.status()).isEqualTo(StripeDispute.Status.UNDER_REVIEW);
        assertThat(submitted.submissions()).isEqualTo(1);
        assertThat(disputes.page(start.minusSeconds(60), null, 100).data()).extracting(StripeDispute::id)
                .contains(opened.id());
        assertThatThrownBy(() -> disputes.stage(opened.id(), Map.of("customer_name", "Eve"), key("late")))
                .isInstanceOf(StripeRefused.UnexpectedState.class);
        assertThat(disputes.retrieve(opened.id()).status().isOver()).isFalse();
    }

    @Test
    void paysOnStripesPage() {
        String mentee = customer();
        Instant expiry = now().plus(Duration.ofMinutes(31));
        StripeCheckoutSession open = checkouts.create(payment(mentee, coach()), null, false, expiry,
                "https://example.org/ok?s={CHECKOUT_SESSION_ID}", "https://example.org/no", key("create"));
        assertThat(open.status()).isEqualTo(StripeCheckoutSession.Status.OPEN);
        assertThat(open.url()).startsWith("http");
        assertThat(open.total()).isEqualTo(PRICE);
        assertThat(open.expiresAt().getEpochSecond()).isEqualTo(expiry.getEpochSecond());

        control("/checkout/sessions/" + open.id() + "/pay", "{\"paymentMethod\": \"pm_card_visa\"}");

        StripeCheckoutSession paid = checkouts.retrieve(open.id());
        assertThat(paid.status()).isEqualTo(StripeCheckoutSession.Status.COMPLETE);
        assertThat(paid.paymentStatus()).isEqualTo(StripeCheckoutSession.PaymentStatus.PAID);
        assertThat(paid.paymentIntent().isOf(row)).isTrue();
        assertThat(paid.paymentIntent().applicationFee()).isEqualTo(FEE);
        assertThat(checkouts.find(row, mentee, start)).hasSize(1);
        assertThatThrownBy(() -> checkouts.expire(open.id(), key("expire")))
                .isInstanceOf(StripeRefused.UnexpectedState.class);
    }

    @Test
    void closesAPageNobodyUsed() {
        StripeCheckoutSession open = checkouts.create(payment(customer(), coach()), null, false,
                now().plus(Duration.ofMinutes(31)),
                "https://example.org/ok", "https://example.org/no", key("create"));

        assertThat(checkouts.expire(open.id(), key("expire")).status()).isEqualTo(StripeCheckoutSession.Status.EXPIRED);
    }

    @Test
    void paysWithASavedCard() {
        String mentee = customer();
        StripePaymentMethod saved = methods.attach("pm_card_visa", mentee, key("attach"));
        assertThat(methods.list(mentee)).extracting(StripePaymentMethod::id).containsExactly(saved.id());
        assertThat(methods.retrieve(saved.id()).card().brand()).isEqualTo("visa");
        customers.chooseDefaultPaymentMethod(mentee, saved.id(), key("default"));
        assertThat(customers.retrieve(mentee).defaultPaymentMethodId()).isEqualTo(saved.id());

        StripePaymentIntent paid = confirmed(payment(mentee, coach()), saved.id());

        assertThat(paid.status()).isEqualTo(StripePaymentIntent.Status.SUCCEEDED);
        assertThat(methods.detach(saved.id(), key("detach")).customerId()).isNull();
    }

    @Test
    void savesACardWithoutAPayment() {
        String mentee = customer();
        StripeSetupIntent begun = setups.create(row, mentee, key("setup"));
        assertThat(begun.clientSecret()).isNotEmpty();
        assertThat(setups.find(row, mentee, start.minusSeconds(60))).extracting(StripeSetupIntent::id)
                .containsExactly(begun.id());

        calls.post("setup_intents.confirm", "/v1/setup_intents/" + begun.id() + "/confirm",
                new StripeForm().put("payment_method", "pm_card_visa"), key("confirm"), null);

        StripeSetupIntent done = setups.retrieve(begun.id());
        assertThat(done.status()).isEqualTo(StripeSetupIntent.Status.SUCCEEDED);
        assertThat(done.paymentMethod().customerId()).isEqualTo(mentee);
        assertThat(done.paymentMethod().offered()).isFalse();
        assertThat(methods.offer(done.paymentMethodId(), key("offer")).offered()).isTrue();
        assertThatThrownBy(() -> setups.cancel(begun.id(), key("cancel"))).isInstanceOf(StripeRefused.UnexpectedState.class);
    }

    @Test
    void endsASetupThatNobodyFinished() {
        StripeSetupIntent begun = setups.create(row, customer(), key("setup"));

        assertThat(setups.cancel(begun.id(), key("cancel")).status()).isEqualTo(StripeSetupIntent.Status.CANCELED);
    }

    @Test
    void savesACardOnStripesPage() {
        String mentee = customer();
        StripeCheckoutSession page = checkouts.createSetup(row, mentee, CurrencyUnit.USD, "https://example.org/ok",
                "https://example.org/no", key("page"));

        control("/checkout/sessions/" + page.id() + "/pay", "{\"paymentMethod\": \"pm_card_visa\"}");

        StripeCheckoutSession done = checkouts.retrieveSetup(page.id());
        assertThat(done.mode()).isEqualTo("setup");
        assertThat(done.setupIntent().isOf(row)).isTrue();
        assertThat(done.setupIntent().paymentMethod().card().last4()).isEqualTo("4242");
    }

    @Test
    void waitsForAPayerWhoMustAuthenticate() {
        StripePaymentIntent waiting = confirmed(payment(customer(), coach()), "pm_card_authenticationRequired");

        assertThat(waiting.status()).isEqualTo(StripePaymentIntent.Status.REQUIRES_ACTION);
        assertThat(waiting.nextAction()).isNotNull();
        assertThat(waiting.nextAction().url()).startsWith("http");
        assertThat(payments.cancel(waiting.id(), key("cancel")).status()).isEqualTo(StripePaymentIntent.Status.CANCELED);
    }

    @Test
    void listsEventsAndFetchesTheirObjects() {
        String coach = coach();
        StripePaymentIntent paid = pay(coach);

        List<JsonNode> listed = events.list(null, List.of("payment_intent.succeeded"), start.minusSeconds(60), null, 100)
                .data();
        JsonNode own = listed.stream().map(event -> event.path("data").path("object"))
                .filter(object -> object.path("id").asText().equals(paid.id())).findFirst().orElseThrow();
        assertThat(StripePaymentIntent.from(own).isOf(row)).isTrue();
        assertThat(events.list(coach, List.of("account.updated"), start.minusSeconds(60), null, 100).data()).isNotEmpty();

        StripeCharge charge = paid.latestCharge();
        Map<String, String> objects = Map.of("payment_intent", paid.id(), "charge", charge.id(), "customer",
                paid.customerId(), "account", coach, "balance_transaction",
                payments.retrieveCharge(charge.id()).balanceTransactionId(), "transfer",
                payments.retrieveCharge(charge.id()).transferId());
        objects.forEach((type, id) -> assertThat(events.fetch(type, id, null).path("object").asText()).isEqualTo(type));
        assertThat(StripeBalanceSettings.from(events.fetch("balance_settings", "", coach)).payoutInterval()).isNotEmpty();
    }

    @Test
    void findsWhatALostAnswerLeftBehind() {
        String mentee = customer();
        NewStripePayment payment = payment(mentee, coach());
        faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/payment_intents\"}, \"times\": 1,"
                + " \"do\": \"500_after\"}]}");

        StripeAway first = catchThrowableOfType(StripeAway.class, () -> payments.create(payment, key("create:1")));
        StripeAway replayed = catchThrowableOfType(StripeAway.class, () -> payments.create(payment, key("create:1")));

        assertThat(first.effectUnknown()).isTrue();
        assertThat(first.storedAnswer()).isFalse();
        assertThat(replayed.storedAnswer()).isTrue();
        assertThat(payments.find(row, mentee, start)).hasSize(1);
    }

    @Test
    void getsTheFirstAnswerAgainAfterALostConnection() {
        StripeCalls patient = ScriptedStripe.calls(base(), 1, Duration.ofSeconds(5), new SimpleMeterRegistry());
        String mentee = customer();
        NewStripePayment payment = payment(mentee, coach());
        faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/payment_intents\"}, \"times\": 1,"
                + " \"do\": \"lost_answer\"}]}");

        StripePaymentIntent created = new StripePayments(patient).create(payment, key("create"));

        assertThat(payments.find(row, mentee, start)).extracting(StripePaymentIntent::id).containsExactly(created.id());
    }

    private StripePaymentIntent pay(String coach) {
        return confirmed(payment(customer(), coach), "pm_card_visa");
    }

    /** Pays with a card whose money is available at once. */
    private void payAtOnce(NewStripePayment payment) {
        confirmed(payment, "pm_card_bypassPending");
    }

    private StripePaymentIntent confirmed(NewStripePayment payment, String method) {
        String made = payments.create(payment, key("create")).id();
        return payments.confirm(made, method, "https://example.org/back", key("confirm"));
    }

    private StripePayout payout(String coach, String amount, boolean instant) {
        return payouts.create(coach, new StripePayouts.NewPayout(row, Money.parse(amount), instant),
                key("payout:" + UUID.randomUUID()));
    }

    private NewStripePayment payment(String customerId, String accountId) {
        return new NewStripePayment(row, PRICE, FEE, customerId, accountId, null, "75 minutes with Carol",
                Map.of("session_id", UUID.randomUUID().toString()));
    }

    private String customer() {
        return customers.create(UUID.randomUUID(), "alice@example.org", "Alice", key(UUID.randomUUID().toString())).id();
    }

    private String coach() {
        UUID coach = UUID.randomUUID();
        String account = accounts.create(coach, "US", "individual", "carol@example.org", key(coach.toString())).id();
        control("/accounts/" + account + "/complete-onboarding", "{}");
        return account;
    }

    private String key(String operation) {
        return "test:" + row + ":" + operation;
    }

    private static Instant now() {
        return Instant.parse(send("GET", "/clock", "").path("now").asText());
    }

    private static void faults(String plan) {
        send("PUT", "/faults", plan);
    }

    private static void control(String path, String body) {
        send("POST", path, body);
    }

    private static JsonNode send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base() + "/sandbox" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        try {
            HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
            return StripeCalls.JSON.readTree(response.body());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static URI base() {
        return URI.create("http://127.0.0.1:" + sandbox.port());
    }
}
