package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/** The same objects in the shapes of several API versions, plain and expanded. */
class StripeObjectsTest {

    private static final UUID ROW = UUID.fromString("01935e3c-0000-7000-8000-000000000001");

    @Test
    void readsAPaymentOfThePinnedVersion() {
        StripePaymentIntent payment = StripePaymentIntent.from(json("""
                {"id": "pi_1", "object": "payment_intent", "amount": 12500, "amount_received": 12500, "currency": "usd",
                 "status": "succeeded", "customer": "cus_1", "application_fee_amount": 2500, "created": 1000,
                 "transfer_data": {"destination": "acct_1"}, "latest_charge": "ch_1", "payment_method": "pm_1",
                 "payment_method_types": ["card", "link"], "metadata": {"coachpay_id": "%s"}, "livemode": false,
                 "client_secret": "pi_1_secret_2", "last_payment_error": null, "next_action": null}""".formatted(ROW)));

        assertThat(payment.status()).isEqualTo(StripePaymentIntent.Status.SUCCEEDED);
        assertThat(payment.amount()).isEqualTo(Money.parse("USD 125.00"));
        assertThat(payment.amountReceived()).isEqualTo(Money.parse("USD 125.00"));
        assertThat(payment.applicationFee()).isEqualTo(Money.parse("USD 25.00"));
        assertThat(payment.destinationId()).isEqualTo("acct_1");
        assertThat(payment.latestChargeId()).isEqualTo("ch_1");
        assertThat(payment.latestCharge()).isNull();
        assertThat(payment.paymentMethodType()).isNull();
        assertThat(payment.coachpayId()).isEqualTo(ROW);
        assertThat(payment.created()).isEqualTo(Instant.ofEpochSecond(1000));
        assertThat(payment.lastError()).isNull();
        assertThat(payment.toString()).doesNotContain("secret");
    }

    @Test
    void readsAPaymentWithEverythingExpanded() {
        StripePaymentIntent payment = StripePaymentIntent.from(
                json("""
                        {"id": "pi_1", "object": "payment_intent", "amount": 6667, "currency": "jpy", "status": "processing",
                         "customer": {"id": "cus_1", "object": "customer"}, "transfer_data": {"destination": {"id": "acct_1"}},
                         "latest_charge": {"id": "ch_1", "object": "charge", "amount": 6667, "currency": "jpy", "status": "pending",
                           "application_fee": {"id": "fee_1"}, "transfer": {"id": "tr_1"}, "balance_transaction": {"id": "txn_1"},
                           "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242", "exp_month": 12,
                             "exp_year": 2030, "country": "US", "funding": "credit", "fingerprint": "Xt5EWLLDS7FJjR1c", "a_field_of_tomorrow": {}}}},
                         "payment_method": {"id": "pm_1", "type": "card"}}"""));

        assertThat(payment.customerId()).isEqualTo("cus_1");
        assertThat(payment.destinationId()).isEqualTo("acct_1");
        assertThat(payment.latestChargeId()).isEqualTo("ch_1");
        assertThat(payment.paymentMethodType()).isEqualTo("card");
        assertThat(payment.latestCharge().applicationFeeId()).isEqualTo("fee_1");
        assertThat(payment.latestCharge().transferId()).isEqualTo("tr_1");
        assertThat(payment.latestCharge().balanceTransactionId()).isEqualTo("txn_1");
        assertThat(payment.latestCharge().card())
                .isEqualTo(new StripeCard("visa", "4242", 12, 2030, "US", "credit", "Xt5EWLLDS7FJjR1c", null));
    }

    @Test
    void readsAPaymentOfAnOldVersion() {
        StripePaymentIntent payment = StripePaymentIntent.from(json("""
                {"id": "pi_1", "object": "payment_intent", "amount": 1000, "currency": "eur",
                 "status": "requires_source_action", "source": "src_1", "allowed_source_types": ["card"],
                 "next_source_action": {"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.example"}},
                 "charges": {"object": "list", "data": [{"id": "ch_2", "object": "charge", "amount": 1000, "currency": "eur",
                   "status": "failed", "failure_code": "card_declined", "destination": "acct_1",
                   "source": {"id": "card_1", "object": "card", "brand": "American Express", "last4": "0005"}},
                   {"id": "ch_1", "object": "charge", "amount": 1000, "currency": "eur", "status": "failed"}]}}"""));

        assertThat(payment.status()).isEqualTo(StripePaymentIntent.Status.REQUIRES_ACTION);
        assertThat(payment.latestChargeId()).isEqualTo("ch_2");
        assertThat(payment.latestCharge().card().brand()).isEqualTo("amex");
        assertThat(payment.latestCharge().destinationId()).isEqualTo("acct_1");
        assertThat(payment.latestCharge().failureCode()).isEqualTo("card_declined");
        assertThat(payment.nextAction().url()).isEqualTo("https://bank.example");
        assertThat(payment.nextAction().toString()).doesNotContain("bank.example");
        assertThat(payment.amountReceived()).isEqualTo(Money.parse("EUR 0.00"));
        assertThat(payment.metadata()).isEmpty();
        assertThat(payment.coachpayId()).isNull();
    }

    @Test
    void readsWhyAPaymentFailed() {
        StripePaymentIntent payment = StripePaymentIntent.from(
                json("""
                        {"id": "pi_1", "object": "payment_intent", "amount": 1000, "currency": "eur",
                         "status": "requires_payment_method", "last_payment_error": {"type": "card_error", "code": "card_declined",
                         "decline_code": "do_not_honor", "message": "Declined.", "charge": "ch_1",
                         "payment_method": {"id": "pm_1", "object": "payment_method", "type": "card", "card": {"fingerprint": "print1"}}}}"""));

        assertThat(payment.lastError()).isEqualTo(new StripePaymentIntent.LastError("card_error", "card_declined",
                "do_not_honor", "Declined.", "ch_1", "pm_1", "print1"));
        assertThat(payment.lastError().isOfCard()).isTrue();
    }

    @Test
    void survivesStatesOfTomorrow() {
        StripePaymentIntent payment = StripePaymentIntent.from(
                json("""
                        {"id": "pi_1", "object": "payment_intent", "amount": 1000, "currency": "eur", "status": "requires_patience"}"""));
        StripeRefund refund = StripeRefund.from(json("""
                {"id": "re_1", "object": "refund", "amount": 1000, "currency": "eur", "status": "dreaming"}"""));

        assertThat(payment.status()).isEqualTo(StripePaymentIntent.Status.UNKNOWN);
        assertThat(refund.status()).isEqualTo(StripeRefund.Status.UNKNOWN);
    }

    @Test
    void readsAnAccountOfThePinnedVersion() {
        StripeAccount account = StripeAccount.from(json("""
                {"id": "acct_1", "object": "account", "charges_enabled": true, "payouts_enabled": false,
                 "details_submitted": true, "country": "DE", "default_currency": "eur", "business_type": "individual",
                 "business_profile": {"name": "Carol"}, "email": "carol@example.org",
                 "capabilities": {"card_payments": "active", "transfers": "active"},
                 "external_accounts": {"object": "list", "data": [{"id": "ba_1", "currency": "usd"}]},
                 "requirements": {"currently_due": ["individual.id_number"], "eventually_due": ["a", "b"], "past_due": [],
                   "pending_verification": [], "disabled_reason": "requirements.past_due", "current_deadline": 50}}"""));

        assertThat(account.canBePaid()).isTrue();
        assertThat(account.payoutsEnabled()).isFalse();
        assertThat(account.settlementCurrencies()).containsExactlyInAnyOrder("EUR", "USD");
        assertThat(account.requirements().isDue()).isTrue();
        assertThat(account.requirements().disabledReason()).isEqualTo("requirements.past_due");
        assertThat(account.requirements().currentDeadline()).isEqualTo(Instant.ofEpochSecond(50));
        assertThat(account.businessProfile().path("name").asText()).isEqualTo("Carol");
        assertThat(account.toString()).doesNotContain("carol");
    }

    @Test
    void readsAnAccountOfAnOldVersion() {
        StripeAccount account = StripeAccount.from(json("""
                {"id": "acct_1", "object": "account", "charges_enabled": true, "transfers_enabled": true,
                 "legal_entity": {"type": "company"}, "verification": {"fields_needed": ["legal_entity.dob"],
                 "disabled_reason": "fields_needed", "due_by": 60}}"""));

        assertThat(account.payoutsEnabled()).isTrue();
        assertThat(account.canBePaid()).as("nothing says that transfers are active").isFalse();
        assertThat(account.businessType()).isEqualTo("company");
        assertThat(account.requirements().currentlyDue()).containsExactly("legal_entity.dob");
    }

    @Test
    void tellsWhatABankTakesAndWhatItTakesAtOnce() {
        StripeAccount account = StripeAccount.from(
                json("""
                        {"id": "acct_1", "object": "account", "default_currency": "chf", "external_accounts": {"data": [
                          {"id": "ba_1", "currency": "usd", "default_for_currency": true,
                           "available_payout_methods": ["standard", "instant"]},
                          {"id": "ba_2", "currency": "eur", "default_for_currency": true, "available_payout_methods": ["standard"]},
                          {"id": "ba_3", "currency": "eur", "default_for_currency": false, "available_payout_methods": ["instant"]},
                          {"id": "ba_4", "currency": "gbp", "available_payout_methods": ["instant"]}, {"id": "ba_5", "currency": "jpy"}]}}"""));
        StripeAccount without = StripeAccount.from(json("{\"id\": \"acct_1\", \"object\": \"account\"}"));

        assertThat(account.bankCurrencies()).containsExactlyInAnyOrder("USD", "EUR", "GBP", "JPY");
        assertThat(account.instantCurrencies()).containsExactlyInAnyOrder("USD", "GBP");
        assertThat(account.settlementCurrencies()).contains("CHF");
        assertThat(without.bankCurrencies()).isEmpty();
        assertThat(without.instantCurrencies()).isEmpty();
    }

    @Test
    void readsAPayoutThatCameBack() {
        StripePayout payout = StripePayout.from(json("""
                {"id": "po_1", "object": "payout", "amount": 6000, "currency": "usd", "status": "failed", "method": "instant",
                 "automatic": false, "arrival_date": 90, "created": 80, "failure_code": "account_closed",
                 "failure_message": "Closed.", "balance_transaction": "txn_1",
                 "failure_balance_transaction": {"id": "txn_2", "object": "balance_transaction"},
                 "metadata": {"coachpay_id": "%s"}}""".formatted(ROW)));

        assertThat(payout.status()).isEqualTo(StripePayout.Status.FAILED);
        assertThat(payout.amount()).isEqualTo(Money.parse("USD 60.00"));
        assertThat(payout.instant()).isTrue();
        assertThat(payout.arrivalDate()).isEqualTo(Instant.ofEpochSecond(90));
        assertThat(payout.failureCode()).isEqualTo("account_closed");
        assertThat(payout.balanceTransactionId()).isEqualTo("txn_1");
        assertThat(payout.failureBalanceTransactionId()).isEqualTo("txn_2");
        assertThat(payout.isOf(ROW)).isTrue();
    }

    @Test
    void readsAPayoutThatTakesMoneyFromTheBank() {
        StripePayout payout = StripePayout.from(json("""
                {"id": "po_1", "object": "payout", "amount": -600, "currency": "jpy", "status": "new_status", "automatic": true,
                 "created": 80}"""));

        assertThat(payout.amount()).isEqualTo(Money.parse("JPY -600"));
        assertThat(payout.status()).isEqualTo(StripePayout.Status.UNKNOWN);
        assertThat(payout.automatic()).isTrue();
        assertThat(payout.instant()).isFalse();
        assertThat(payout.arrivalDate()).isEqualTo(Instant.ofEpochSecond(80));
        assertThat(payout.coachpayId()).isNull();
    }

    @Test
    void readsADisputeWithTheMoneyItMoved() {
        StripeDispute dispute = StripeDispute.from(
                json("""
                        {"id": "dp_1", "object": "dispute", "amount": 12500, "currency": "usd", "status": "won", "reason": "fraudulent",
                         "charge": {"id": "ch_1", "object": "charge"}, "payment_intent": "pi_1", "created": 80,
                         "evidence_details": {"due_by": 90, "has_evidence": true, "past_due": false, "submission_count": 1},
                         "balance_transactions": [
                           {"id": "txn_1", "object": "balance_transaction", "type": "adjustment", "amount": -12500, "fee": 1500,
                            "net": -14000, "currency": "usd"},
                           {"id": "txn_2", "object": "balance_transaction", "type": "adjustment", "amount": 12500, "currency": "usd"}]}"""));

        assertThat(dispute.chargeId()).isEqualTo("ch_1");
        assertThat(dispute.paymentIntentId()).isEqualTo("pi_1");
        assertThat(dispute.status()).isEqualTo(StripeDispute.Status.WON);
        assertThat(dispute.evidenceDueBy()).isEqualTo(Instant.ofEpochSecond(90));
        assertThat(dispute.hasEvidence()).isTrue();
        assertThat(dispute.submissions()).isEqualTo(1);
        assertThat(dispute.balanceTransactions()).extracting(StripeBalanceTransaction::net)
                .containsExactly(Money.parse("USD -140.00"), Money.parse("USD 125.00"));
    }

    @Test
    void readsADisputeOfWhichLittleIsTold() {
        StripeDispute dispute = StripeDispute.from(json("""
                {"id": "dp_1", "object": "dispute", "amount": 12500, "currency": "usd", "status": "charge_refunded"}"""));

        assertThat(dispute.status()).isEqualTo(StripeDispute.Status.UNKNOWN);
        assertThat(dispute.statusText()).isEqualTo("charge_refunded");
        assertThat(dispute.evidenceDueBy()).isNull();
        assertThat(dispute.submissions()).isZero();
        assertThat(dispute.balanceTransactions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "needs_response,false,true", "under_review,false,true", "won,true,true", "lost,true,true",
            "prevented,true,false", "warning_needs_response,false,false", "warning_under_review,false,false",
            "warning_closed,true,false" })
    void knowsWhichDisputesMoveMoneyAndWhichAreOver(String text, boolean over, boolean moves) {
        StripeDispute.Status status = StripeDispute.from(json("""
                {"id": "dp_1", "object": "dispute", "amount": 1, "currency": "usd", "status": "%s"}""".formatted(text)))
                .status();

        assertThat(status.name()).isEqualToIgnoringCase(text);
        assertThat(status.isOver()).isEqualTo(over);
        assertThat(status.movesMoney()).isEqualTo(moves);
    }

    @Test
    void doesNotTakeChargesEnabledForBeingPayable() {
        StripeAccount account = StripeAccount.from(json("""
                {"id": "acct_1", "object": "account", "charges_enabled": true, "capabilities": {"transfers": "pending"}}"""));

        assertThat(account.canBePaid()).isFalse();
        assertThat(account.requirements().isDue()).isFalse();
    }

    @Test
    void readsACheckoutSession() {
        StripeCheckoutSession session = StripeCheckoutSession.from(json("""
                {"id": "cs_1", "object": "checkout.session", "status": "complete", "payment_status": "paid", "mode": "payment",
                 "amount_total": 12500, "currency": "usd", "payment_intent": {"id": "pi_1", "object": "payment_intent",
                   "amount": 12500, "currency": "usd", "status": "succeeded"}, "customer": "cus_1", "expires_at": 70,
                 "customer_details": {"email": "alice@example.org"}, "url": "https://checkout/x",
                 "metadata": {"coachpay_id": "not one of ours"}}"""));

        assertThat(session.status()).isEqualTo(StripeCheckoutSession.Status.COMPLETE);
        assertThat(session.paymentStatus()).isEqualTo(StripeCheckoutSession.PaymentStatus.PAID);
        assertThat(session.total()).isEqualTo(Money.parse("USD 125.00"));
        assertThat(session.paymentIntentId()).isEqualTo("pi_1");
        assertThat(session.paymentIntent().status()).isEqualTo(StripePaymentIntent.Status.SUCCEEDED);
        assertThat(session.customerEmail()).isEqualTo("alice@example.org");
        assertThat(session.coachpayId()).isNull();
        assertThat(session.toString()).doesNotContain("https", "alice");
    }

    @Test
    void readsACheckoutSessionFromBeforeItHadAState() {
        StripeCheckoutSession session = StripeCheckoutSession.from(json("""
                {"id": "cs_1", "object": "checkout.session", "payment_intent": "pi_1", "customer_email": "a@example.org"}"""));

        assertThat(session.status()).isEqualTo(StripeCheckoutSession.Status.UNKNOWN);
        assertThat(session.total()).isNull();
        assertThat(session.customerEmail()).isEqualTo("a@example.org");
    }

    @Test
    void readsATransferWithItsReversals() {
        StripeTransfer transfer = StripeTransfer.from(json("""
                {"id": "tr_1", "object": "transfer", "amount": 1001, "amount_reversed": 333, "currency": "usd",
                 "destination": "acct_1", "destination_payment": "py_1", "source_transaction": "ch_1", "reversed": false,
                 "transfer_group": "g", "reversals": {"object": "list", "has_more": false, "data": [
                   {"id": "trr_1", "object": "transfer_reversal", "amount": 333, "currency": "usd", "transfer": "tr_1",
                    "destination_payment_refund": "pyr_1", "source_refund": "re_1"}]}}"""));

        assertThat(transfer.amount()).isEqualTo(Money.parse("USD 10.01"));
        assertThat(transfer.reversalsWhole()).isTrue();
        assertThat(transfer.reversals()).hasSize(1);
        assertThat(transfer.reversals().get(0).amount()).isEqualTo(Money.parse("USD 3.33"));
        assertThat(transfer.reversals().get(0).sourceRefundId()).isEqualTo("re_1");
        assertThat(transfer.reversals().get(0).destinationPaymentRefundId()).isEqualTo("pyr_1");
    }

    @Test
    void knowsWhenReversalsAreNotAllThere() {
        StripeTransfer more = StripeTransfer.from(
                json("""
                        {"id": "tr_1", "object": "transfer", "amount": 1, "currency": "usd", "reversals": {"has_more": true, "data": []}}"""));
        StripeTransfer none = StripeTransfer.from(json("""
                {"id": "tr_1", "object": "transfer", "amount": 1, "currency": "usd"}"""));

        assertThat(more.reversalsWhole()).isFalse();
        assertThat(none.reversalsWhole()).isFalse();
    }

    @Test
    void readsAFeeWithItsRefunds() {
        StripeApplicationFee fee = StripeApplicationFee.from(json("""
                {"id": "fee_1", "object": "application_fee", "amount": 2500, "amount_refunded": 67, "currency": "usd",
                 "account": "acct_1", "charge": "py_1", "originating_transaction": "ch_1",
                 "refunds": {"has_more": false, "data": [
                   {"id": "fr_1", "object": "fee_refund", "amount": 67, "currency": "usd", "fee": "fee_1"}]}}"""));

        assertThat(fee.originatingChargeId()).isEqualTo("ch_1");
        assertThat(fee.refunds()).extracting(StripeApplicationFee.FeeRefund::amount).containsExactly(Money.parse("USD 0.67"));
        assertThat(fee.refundsWhole()).isTrue();
    }

    @Test
    void readsBalanceTransactionsWithFeesOfAnyDigitAndConversions() {
        StripeBalanceTransaction line = StripeBalanceTransaction.from(json("""
                {"id": "txn_1", "object": "balance_transaction", "type": "charge", "reporting_category": "charge",
                 "amount": 15440, "fee": 548, "net": 14892, "currency": "kwd", "created": 10, "available_on": 20,
                 "status": "available", "source": "ch_1", "exchange_rate": 0.921}"""));

        assertThat(line.fee()).isEqualTo(Money.parse("KWD 0.548"));
        assertThat(line.net()).isEqualTo(Money.parse("KWD 14.892"));
        assertThat(line.availableOn()).isEqualTo(Instant.ofEpochSecond(20));
        assertThat(line.available()).isTrue();
        assertThat(line.exchangeRate()).isEqualByComparingTo("0.921");
    }

    @Test
    void readsABalanceOfSeveralCurrencies() {
        StripeBalance balance = StripeBalance.from(
                json("""
                        {"object": "balance", "available": [{"amount": -100, "currency": "usd"}, {"amount": 5, "currency": "jpy"}],
                         "pending": [{"amount": 10000, "currency": "usd"}], "connect_reserved": [{"amount": 0, "currency": "usd"}]}"""));

        assertThat(balance.available()).containsExactly(Money.parse("USD -1.00"), Money.parse("JPY 5"));
        assertThat(balance.pending()).isEqualTo(List.of(Money.parse("USD 100.00")));
        assertThat(balance.instantAvailable()).isEmpty();
    }

    @Test
    void readsADeletedCustomer() {
        StripeCustomer customer = StripeCustomer.from(json("""
                {"id": "cus_1", "object": "customer", "deleted": true}"""));

        assertThat(customer.deleted()).isTrue();
        assertThat(customer.metadata()).isEmpty();
    }

    @Test
    void readsSavedMethodsOfOtherKinds() {
        StripePaymentMethod method = StripePaymentMethod.from(json("""
                {"id": "pm_1", "object": "payment_method", "type": "link", "link": {}, "customer": "cus_1"}"""));

        assertThat(method.type()).isEqualTo("link");
        assertThat(method.card()).isNull();
        assertThat(method.fingerprint()).isNull();
        assertThat(method.offered()).isFalse();
    }

    @Test
    void readsTheMarksOfABankAccount() {
        StripePaymentMethod method = StripePaymentMethod.from(json("""
                {"id": "pm_1", "object": "payment_method", "type": "us_bank_account", "customer": "cus_1",
                 "allow_redisplay": "always", "us_bank_account": {"last4": "6789", "fingerprint": "print1"}}"""));

        assertThat(method.last4()).isEqualTo("6789");
        assertThat(method.fingerprint()).isEqualTo("print1");
        assertThat(method.offered()).isTrue();
    }

    @Test
    void readsTheWalletThatHoldsACard() {
        StripePaymentMethod method = StripePaymentMethod.from(json("""
                {"id": "pm_1", "object": "payment_method", "type": "card", "customer": "cus_1",
                 "card": {"last4": "4242", "wallet": {"type": "apple_pay"}}}"""));

        assertThat(method.card().wallet()).isEqualTo("apple_pay");
    }

    @Test
    void readsWhySavingAMethodFailed() {
        StripeSetupIntent setup = StripeSetupIntent.from(
                json("""
                        {"id": "seti_1", "object": "setup_intent", "status": "requires_payment_method", "client_secret": "seti_1_secret_x",
                         "last_setup_error": {"code": "card_declined", "decline_code": "fraudulent", "message": "Declined.",
                           "payment_method": {"id": "pm_1", "object": "payment_method", "type": "card", "card": {"fingerprint": "print1"}}}}"""));

        assertThat(setup.status()).isEqualTo(StripeSetupIntent.Status.OPEN);
        assertThat(setup.lastError())
                .isEqualTo(new StripeSetupIntent.LastError("card_declined", "Declined.", "pm_1", "print1"));
        assertThat(setup.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = { "null", "[]", "\"pi_1\"", "{}", "{\"object\": \"charge\", \"id\": \"ch_1\"}",
            "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"status\": \"succeeded\"}",
            "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"amount\": \"12500\", \"currency\": \"usd\", \"status\": \"x\"}",
            "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"amount\": 12500, \"currency\": \"usd\"}" })
    void refusesWhatIsNoPayment(String text) {
        assertThatThrownBy(() -> StripePaymentIntent.from(json(text))).isInstanceOf(UnreadableStripeObject.class);
    }

    private static JsonNode json(String text) {
        try {
            return StripeCalls.JSON.readTree(text);
        } catch (JsonProcessingException failure) {
            throw new AssertionError(failure);
        }
    }
}
