package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A subscription, see <a href="https://docs.stripe.com/api/subscriptions/object">docs.stripe.com</a>. Its period and price are
 * those of its one item: the subscription itself has none any more.
 *
 * @param status in Stripe's words, such as {@code past_due}
 * @param cancelAt when it ends; set alone by people in the portal, and with the flag by everybody else
 * @param cancelAtPeriodEnd whether it ends with its period
 * @param reason why it ended or will end, such as {@code payment_failed}
 * @param pendingPriceId the price of a change that waits to be paid; null for none
 * @param itemId its one item, {@code si_…}, which a change of its price names
 * @param defaultPaymentMethodId a method of its own, which outranks the customer's default
 * @param scheduleId the schedule that changes it; null for none
 * @param collectionPaused whether invoices are made and not collected
 */
public record StripeSubscription(String id, String status, @Nullable String customerId, @Nullable String itemId,
        @Nullable String priceId, @Nullable String defaultPaymentMethodId, @Nullable Instant periodStart,
        @Nullable Instant periodEnd, @Nullable Instant cancelAt, boolean cancelAtPeriodEnd,
        @Nullable Instant canceledAt, @Nullable Instant endedAt, @Nullable String reason, @Nullable Instant trialStart,
        @Nullable Instant trialEnd, @Nullable String pendingPriceId, @Nullable Instant pendingExpiresAt,
        @Nullable String scheduleId, boolean collectionPaused, @Nullable String latestInvoiceId, Map<String, String> metadata,
        Instant created) implements StripeTagged {

    public static final String OBJECT = "subscription";

    /** Reads Stripe's JSON of a subscription. */
    public static StripeSubscription from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        StripeFields item = new StripeFields(json.path("items").path("data").path(0));
        StripeFields pending = fields.at("pending_update");
        StripeFields change = new StripeFields(pending.json().path("subscription_items").path(0));
        return new StripeSubscription(fields.required("id"), fields.required("status"), fields.reference("customer"),
                item.text("id"), item.reference("price"), fields.reference("default_payment_method"),
                item.instant("current_period_start"), item.instant("current_period_end"),
                fields.instant("cancel_at"), fields.flag("cancel_at_period_end"), fields.instant("canceled_at"),
                fields.instant("ended_at"), fields.at("cancellation_details").text("reason"), fields.instant("trial_start"),
                fields.instant("trial_end"), change.reference("price"), pending.instant("expires_at"),
                fields.reference("schedule"), fields.at("pause_collection").isPresent(), fields.reference("latest_invoice"),
                fields.metadata(),
                fields.created());
    }
}
