package io.coachpay.reconciliation;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.ObjectReplay;
import io.coachpay.inbox.Undecided;
import io.coachpay.stripe.StripeEvents;
import io.coachpay.stripe.StripeRefused;

/**
 * Recovers missed objects: asks Stripe for the object that moved the money of a balance transaction, and hands it to its
 * handlers, as if its event had come.
 */
@ApplicationScoped
class MissedObjects {

    private static final Logger LOG = Logger.getLogger(MissedObjects.class);

    private final StripeEvents stripe;
    private final ObjectReplay retelling;
    private final Clock clock;

    MissedObjects(StripeEvents stripe, ObjectReplay retelling, Clock clock) {
        this.stripe = stripe;
        this.retelling = retelling;
        this.clock = clock;
    }

    /**
     * The result of a look.
     *
     * @param told a handler applied the object, so that it should be booked now
     * @param otherwise the cause, if it is not
     * @param ours whether we made it, so that it has to be booked one day
     */
    record Seen(boolean told, Cause otherwise, boolean ours) {

        static final Seen NOTHING = new Seen(false, Cause.UNKNOWN, false);
    }

    /**
     * Looks once. No database transaction may be open.
     *
     * @param account a connected one; null for the platform
     * @throws StripeRefused when Stripe is away
     */
    Seen at(@Nullable String account, String transaction) {
        Instant now = clock.instant();
        try {
            JsonNode source = stripe.source(account, transaction);
            return switch (source.path("object").asText()) {
                case "charge" -> account == null ? payment(source, now) : transfer(text(source, "source_transfer"), now);
                case "application_fee" -> payment(fetch("charge", text(source, "originating_transaction")), now);
                // A connected account makes no transfers but fees of payouts, and those are retried until they are known.
                case "transfer" -> account == null ? transfer(source, now)
                        : tell(List.of(), account, source, Cause.DASHBOARD_ACTION, now);
                case "transfer_reversal" -> transfer(text(source, "transfer"), now);
                case "refund" -> account == null ? refund(source, now) : refundThere(account, source, now);
                case "fee_refund" ->
                    tell(List.of("application_fee.refunded"), null, fetch("application_fee", text(source, "fee")),
                            Cause.FOREIGN, now);
                case "dispute" -> tell(List.of("charge.dispute.updated"), null, source, Cause.FOREIGN, now);
                case "payout" ->
                    tell(List.of("payout." + text(source, "status").replace("pending", "created").replace("in_transit",
                            "updated")), account, source, Cause.DASHBOARD_ACTION, now);
                default -> Seen.NOTHING;
            };
        } catch (StripeRefused.ResourceMissing gone) {
            return Seen.NOTHING;
        }
    }

    /** The payment itself first, then the charge's refunds and disputes. */
    private Seen payment(JsonNode charge, Instant now) {
        String intent = charge.path("payment_intent").textValue();
        if (intent == null) {
            return new Seen(false, Cause.FOREIGN, false);
        }
        ObjectNode payment = fetch("payment_intent", intent).deepCopy();
        payment.set("latest_charge", charge);
        Seen seen = tell(List.of("payment_intent.succeeded"), null, payment, Cause.FOREIGN, now);
        return seen.told() ? tell(List.of("charge.updated"), null, charge, Cause.FOREIGN, now) : seen;
    }

    private Seen transfer(String id, Instant now) {
        return transfer(fetch("transfer", id), now);
    }

    private Seen transfer(JsonNode transfer, Instant now) {
        boolean reversed = transfer.path("amount_reversed").asLong() > 0;
        List<String> events = reversed ? List.of("transfer.created", "transfer.reversed") : List.of("transfer.created");
        return tell(events, null, transfer, Cause.DASHBOARD_ACTION, now);
    }

    private Seen refund(JsonNode refund, Instant now) {
        boolean failed = text(refund, "status").equals("failed");
        return tell(List.of(failed ? "refund.failed" : "refund.updated"), null, refund, Cause.FOREIGN, now);
    }

    /** On a coach's account: the refund of the payment there is a reversal of the transfer that made the payment. */
    private Seen refundThere(String account, JsonNode refund, Instant now) {
        JsonNode payment = stripe.fetch("charge", text(refund, "charge"), account);
        return transfer(text(payment, "source_transfer"), now);
    }

    private JsonNode fetch(String type, String id) {
        return stripe.fetch(type, id, null);
    }

    /** An object that others made lacks our id. */
    private Seen tell(List<String> events, @Nullable String account, JsonNode object, Cause ofOthers, Instant now) {
        boolean ours = object.path("metadata").hasNonNull("coachpay_id");
        try {
            boolean told = false;
            for (String event : events) {
                told |= retelling.tell(event, account, object, now);
            }
            return new Seen(told, ours ? Cause.UNKNOWN : ofOthers, ours);
        } catch (MissingParent unknown) {
            return new Seen(false, ours ? Cause.UNKNOWN : Cause.FOREIGN, ours);
        } catch (Undecided mirroredMeanwhile) {
            return new Seen(false, Cause.IN_FLIGHT, ours);
        } catch (RuntimeException refused) {
            LOG.errorf(refused, "%s could not be recovered", object.path("id").asText());
            return new Seen(false, Cause.UNKNOWN, true);
        }
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText();
    }
}
