package io.coachpay.stripe;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A payer's bank that takes a payment back, or inquires about it, see
 * <a href="https://docs.stripe.com/api/disputes/object">docs.stripe.com</a>. Stripe debits the platform, even for money that
 * went to a coach.
 *
 * @param amount the disputed amount, in the charge's currency; the balance transactions say what the platform lost
 * @param statusText the status in Stripe's word, also where it is {@link Status#UNKNOWN}
 * @param reason in Stripe's word, such as {@code fraudulent}
 * @param evidenceDueBy the deadline for evidence, null if none is asked for
 * @param pastDue whether the evidence came too late or never
 * @param hasEvidence whether some is staged or submitted
 * @param submissions how often evidence went to the bank
 * @param balanceTransactions each debit and each return of the money, with the fee of each
 */
public record StripeDispute(String id, @Nullable String chargeId, @Nullable String paymentIntentId, Money amount,
        Status status, String statusText, String reason, @Nullable Instant evidenceDueBy, boolean pastDue,
        boolean hasEvidence, int submissions, List<StripeBalanceTransaction> balanceTransactions,
        Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "dispute";

    /** The state of the dispute; warnings are inquiries, which may become disputes. */
    public enum Status {
        NEEDS_RESPONSE,
        UNDER_REVIEW,
        WON,
        LOST,
        PREVENTED,
        WARNING_NEEDS_RESPONSE,
        WARNING_UNDER_REVIEW,
        WARNING_CLOSED,
        /** A status that a newer API version added. */
        UNKNOWN;

        /** Whether the bank has decided, so that evidence is useless. */
        public boolean isOver() {
            return switch (this) {
                case WON, LOST, PREVENTED, WARNING_CLOSED -> true;
                case NEEDS_RESPONSE, UNDER_REVIEW, WARNING_NEEDS_RESPONSE, WARNING_UNDER_REVIEW, UNKNOWN -> false;
            };
        }

        /** Whether the bank takes the money, at least until it decides; it does not for inquiries. */
        public boolean movesMoney() {
            return switch (this) {
                case NEEDS_RESPONSE, UNDER_REVIEW, WON, LOST -> true;
                case PREVENTED, WARNING_NEEDS_RESPONSE, WARNING_UNDER_REVIEW, WARNING_CLOSED, UNKNOWN -> false;
            };
        }

        private static Status of(String text) {
            return switch (text) {
                case "needs_response" -> NEEDS_RESPONSE;
                case "under_review" -> UNDER_REVIEW;
                case "won" -> WON;
                case "lost" -> LOST;
                case "prevented" -> PREVENTED;
                case "warning_needs_response" -> WARNING_NEEDS_RESPONSE;
                case "warning_under_review" -> WARNING_UNDER_REVIEW;
                case "warning_closed" -> WARNING_CLOSED;
                default -> UNKNOWN;
            };
        }
    }

    /** Reads Stripe's JSON of a dispute. */
    public static StripeDispute from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        StripeFields evidence = fields.at("evidence_details");
        String status = fields.text("status", "unknown");
        Integer submissions = evidence.number("submission_count");
        return new StripeDispute(fields.required("id"), fields.reference("charge"), fields.reference("payment_intent"),
                fields.requiredMoney("amount"), Status.of(status), status, fields.text("reason", "general"),
                evidence.instant("due_by"), evidence.flag("past_due"), evidence.flag("has_evidence"),
                submissions == null ? 0 : submissions, balanceTransactions(json), fields.metadata(), fields.created());
    }

    private static List<StripeBalanceTransaction> balanceTransactions(JsonNode json) {
        List<StripeBalanceTransaction> transactions = new ArrayList<>();
        json.path("balance_transactions").forEach(line -> transactions.add(StripeBalanceTransaction.from(line)));
        return List.copyOf(transactions);
    }

    /** The amount that its balance transactions took and have not given back; all of it if they are in another currency. */
    public Money withdrawn() {
        Money none = Money.zero(amount.getCurrencyUnit());
        BigDecimal taken = balanceTransactions.stream().map(StripeBalanceTransaction::amount).map(Money::getAmount)
                .reduce(BigDecimal.ZERO, BigDecimal::add).negate();
        if (taken.signum() <= 0) {
            return none;
        }
        boolean converted = balanceTransactions.stream().anyMatch(line -> !line.amount().isSameCurrency(none));
        return converted ? amount : Money.of(none.getCurrencyUnit(), taken);
    }
}
