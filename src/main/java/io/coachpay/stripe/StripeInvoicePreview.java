package io.coachpay.stripe;

import java.util.List;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An invoice as it would be, see
 * <a href="https://docs.stripe.com/api/invoices/create_preview">docs.stripe.com/api/invoices/create_preview</a>.
 *
 * @param isOfChange whether a change is billed at once; otherwise it is the invoice of the next period
 * @param due what is to be paid, after the customer's balance
 * @param total the sum of its lines and their tax; below zero where more is given back than asked for
 */
public record StripeInvoicePreview(boolean isOfChange, Money due, Money total, List<Line> lines) {

    /** A line of an invoice. */
    public record Line(@Nullable String description, Money amount, boolean isProration) {
    }

    /**
     * Reads Stripe's JSON of an invoice without an id.
     *
     * @param endsTrial whether the first period was asked for, which is billed at once and gives nothing back
     */
    public static StripeInvoicePreview from(JsonNode json, boolean endsTrial) {
        StripeFields fields = new StripeFields(json);
        List<Line> lines = fields.data("lines").stream().map(StripeInvoicePreview::line).toList();
        return new StripeInvoicePreview(endsTrial || isOfChange(fields, lines), fields.requiredMoney("amount_due"),
                fields.requiredMoney("total"), lines);
    }

    /** Stripe names the reason of some previews {@code upcoming} (verify): those of a change give back a part of a period. */
    private static boolean isOfChange(StripeFields fields, List<Line> lines) {
        return "subscription_update".equals(fields.text("billing_reason")) || lines.stream().anyMatch(Line::isProration);
    }

    private static Line line(JsonNode json) {
        StripeFields fields = new StripeFields(json);
        return new Line(fields.text("description"), fields.requiredMoney("amount"),
                fields.at("parent").at("subscription_item_details").flag("proration"));
    }
}
