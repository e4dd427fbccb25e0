package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ServiceTest;
import io.quarkus.arc.ClientProxy;

/** The handlers that take an event. Both accounts of a payment have events of the same types, which are about other money. */
@ServiceTest
class EventHandlersTest {

    @Inject
    EventHandlers handlers;

    @ParameterizedTest
    @CsvSource({ "payment_intent.succeeded, PaymentIntentHandler", "charge.succeeded, ChargeHandler",
            "charge.updated, ChargeHandler", "charge.refunded, RefundedChargeHandler",
            "checkout.session.async_payment_succeeded, CheckoutHandler",
            "checkout.session.async_payment_failed, CheckoutHandler", "payment_method.attached, PaymentMethodHandler",
            "payment_method.updated, PaymentMethodHandler", "payment_method.automatically_updated, PaymentMethodHandler",
            "payment_method.detached, PaymentMethodHandler", "refund.created, RefundHandler", "refund.updated, RefundHandler",
            "refund.failed, RefundHandler", "transfer.created, TransferHandler", "transfer.updated, TransferHandler",
            "transfer.reversed, TransferHandler", "application_fee.refunded, FeeRefundHandler",
            "charge.dispute.created, DisputeHandler", "charge.dispute.updated, DisputeHandler",
            "charge.dispute.closed, DisputeHandler", "charge.dispute.funds_withdrawn, DisputeHandler",
            "charge.dispute.funds_reinstated, DisputeHandler", "customer.created, CustomerHandler",
            "customer.updated, CustomerHandler", "customer.deleted, CustomerHandler",
            "customer.tax_id.created, CustomerTaxIdHandler", "customer.tax_id.updated, CustomerTaxIdHandler",
            "customer.tax_id.deleted, CustomerTaxIdHandler", "balance.available, BalanceHandler",
            "topup.succeeded, BalanceHandler", "product.updated, PlanHandler", "product.deleted, PlanHandler",
            "price.updated, PlanHandler", "price.deleted, PlanHandler", "customer.subscription.created, SubscriptionHandler",
            "customer.subscription.updated, SubscriptionHandler", "customer.subscription.deleted, SubscriptionHandler",
            "customer.subscription.paused, SubscriptionHandler", "customer.subscription.resumed, SubscriptionHandler",
            "customer.subscription.trial_will_end, SubscriptionHandler",
            "customer.subscription.pending_update_applied, SubscriptionHandler",
            "customer.subscription.pending_update_expired, SubscriptionHandler", "invoice.created, InvoiceHandler",
            "invoice.finalized, InvoiceHandler", "invoice.finalization_failed, InvoiceHandler",
            "invoice.updated, InvoiceHandler", "invoice.paid, InvoiceHandler", "invoice.payment_failed, InvoiceHandler",
            "invoice.payment_action_required, InvoiceHandler", "invoice.overdue, InvoiceHandler",
            "invoice.overpaid, InvoiceHandler", "invoice.voided, InvoiceHandler",
            "invoice.marked_uncollectible, InvoiceHandler", "invoice.deleted, InvoiceHandler",
            "invoice_payment.paid, InvoicePaymentHandler", "credit_note.created, CreditNoteHandler",
            "credit_note.updated, CreditNoteHandler", "credit_note.voided, CreditNoteHandler" })
    void takesThePlatformsEvents(String type, String handler) {
        assertThat(names(Endpoint.PLATFORM, type)).containsExactly(handler);
    }

    @ParameterizedTest
    @CsvSource({ "payout.created, PayoutHandler", "payout.updated, PayoutHandler", "payout.paid, PayoutHandler",
            "payout.failed, PayoutHandler", "payout.canceled, PayoutHandler",
            "payout.reconciliation_completed, PayoutHandler", "account.updated, AccountHandler",
            "account.application.deauthorized, AccountHandler", "capability.updated, AccountHandler",
            "account.external_account.created, AccountHandler", "account.external_account.updated, AccountHandler",
            "account.external_account.deleted, AccountHandler", "balance.available, BalanceHandler" })
    void takesEventsOfConnectedAccounts(String type, String handler) {
        assertThat(names(Endpoint.CONNECT, type)).containsExactly(handler);
    }

    @Test
    void recordsThatPayoutsWereGivenBackAfterTheAccountIsLockedForIt() {
        assertThat(names(Endpoint.CONNECT, "balance_settings.updated")).containsExactly("AccountHandler", "SettingsHandler");
    }

    @Test
    void takesChangesOfTheBillingPortal() {
        assertThat(names(Endpoint.PLATFORM, "billing_portal.configuration.updated")).containsExactly("PortalHandler");
    }

    /** Each leaves the other's pages alone. */
    @ParameterizedTest
    @ValueSource(strings = { "checkout.session.completed", "checkout.session.expired" })
    void takesEventsOfPagesForPaymentsAndForSubscriptions(String type) {
        assertThat(names(Endpoint.PLATFORM, type)).containsExactly("CheckoutHandler", "SubscriptionPageHandler");
    }

    /** The coach's side of a payment, and the platform's own bank. */
    @ParameterizedTest
    @ValueSource(strings = { "charge.succeeded", "charge.refunded", "payment_intent.succeeded", "refund.created",
            "transfer.created", "customer.created", "application_fee.refunded", "charge.dispute.created" })
    void leavesEventsOfTheCoachsSideOfAPayment(String type) {
        assertThat(names(Endpoint.CONNECT, type)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "payout.paid", "account.updated", "balance_settings.updated" })
    void leavesWhatIsAboutThePlatformItself(String type) {
        assertThat(names(Endpoint.PLATFORM, type)).isEmpty();
    }

    /** The invoice of a payment that Stripe began is known before the payment's own handler looks for it. */
    @ParameterizedTest
    @ValueSource(strings = { "payment_intent.processing", "payment_intent.payment_failed", "payment_intent.canceled",
            "payment_intent.requires_action" })
    void looksForAnInvoiceBeforeItsPayment(String type) {
        assertThat(names(Endpoint.PLATFORM, type)).containsExactly("InvoicePaymentHandler", "PaymentIntentHandler");
    }

    private List<String> names(Endpoint endpoint, String type) {
        return handlers.of(endpoint, type).stream().map(handler -> ClientProxy.unwrap(handler).getClass().getSimpleName())
                .toList();
    }
}
