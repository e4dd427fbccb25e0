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
        // The reason of every preview is "upcoming". Other changes than the end of a trial give back a part of a period.
        boolean isOfChange = endsTrial || lines.stream().anyMatch(Line::isProration);
        return new StripeInvoicePreview(isOfChange, fields.requiredMoney("amount_due"), fields.requiredMoney("total"), lines);
    }

    private static Line line(JsonNode json) {
        StripeFields fields = new StripeFields(json);
        return new Line(fields.text("description"), fields.requiredMoney("amount"),
                fields.at("parent").at("subscription_item_details").flag("proration"));
    }
}
