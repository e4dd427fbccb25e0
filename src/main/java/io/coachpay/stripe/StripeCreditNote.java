package io.coachpay.stripe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A part of an invoice that was taken back, see
 * <a href="https://docs.stripe.com/api/credit_notes/object">docs.stripe.com</a>.
 *
 * @param status {@code issued} or {@code void}
 * @param beforePayment the part that lessens what is due
 * @param afterPayment the part that was given back
 * @param refunds the refunds that it explains, {@code re_…}
 */
public record StripeCreditNote(String id, String status, @Nullable String number, String invoiceId, Money amount,
        Money beforePayment, Money afterPayment, @Nullable String reason, @Nullable String pdf, List<String> refunds,
        Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "credit_note";

    /** Reads Stripe's JSON of a credit note. */
    public static StripeCreditNote from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money amount = fields.requiredMoney("amount");
        String invoice = fields.reference("invoice");
        if (invoice == null) {
            throw new UnreadableStripeObject("credit_note without invoice");
        }
        return new StripeCreditNote(fields.required("id"), fields.text("status", "issued"), fields.text("number"), invoice,
                amount, fields.moneyOrZero("pre_payment_amount", amount), fields.moneyOrZero("post_payment_amount", amount),
                fields.text("reason"), fields.text("pdf"), refunds(fields), fields.metadata(), fields.created());
    }

    /** Before 2025-03-31 there was one at most. */
    private static List<String> refunds(StripeFields fields) {
        List<String> refunds = new ArrayList<>();
        fields.json().path("refunds").forEach(each -> {
            String refund = new StripeFields(each).reference("refund");
            if (refund != null) {
                refunds.add(refund);
            }
        });
        String only = fields.reference("refund");
        if (refunds.isEmpty() && only != null) {
            refunds.add(only);
        }
        return refunds;
    }
}
