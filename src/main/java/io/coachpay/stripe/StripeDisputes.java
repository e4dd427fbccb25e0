package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/** Payers' disputes and our answers, see <a href="https://docs.stripe.com/api/disputes">docs.stripe.com/api/disputes</a>. */
@ApplicationScoped
public class StripeDisputes {

    private static final String PATH = "/v1/disputes";

    private final StripeCalls calls;

    StripeDisputes(StripeCalls calls) {
        this.calls = calls;
    }

    /** Reads a dispute. */
    public StripeDispute retrieve(String disputeId) {
        String operation = "disputes.retrieve";
        return StripeDispute.from(calls.get(operation, path(operation, disputeId), new StripeForm(), null));
    }

    /** All disputes of a payment, newest first; there may be several, each about a part. */
    public List<StripeDispute> list(String paymentIntentId) {
        return calls.all("disputes.list", PATH, () -> new StripeForm().put("payment_intent", paymentIntentId),
                StripeDispute::from);
    }

    /**
     * One page of all disputes, newest first.
     *
     * @param since those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many, 1 to 100
     */
    public StripePage<StripeDispute> page(Instant since, @Nullable String after, int limit) {
        return calls.page("disputes.list", PATH, StripeCalls.page(since, after, limit), null, StripeDispute::from);
    }

    /**
     * Stores evidence at Stripe, to be submitted later. An empty text removes a piece. {@link StripeRefused.UnexpectedState}
     * means that the dispute takes no evidence any more: retrieve it.
     *
     * @param evidence by the names of
     *        <a href="https://docs.stripe.com/api/disputes/evidence_object">docs.stripe.com/api/disputes/evidence_object</a>
     */
    public StripeDispute stage(String disputeId, Map<String, String> evidence, String idempotencyKey) {
        return update("disputes.stage", disputeId, evidence, false, idempotencyKey);
    }

    /**
     * Sends the evidence to the bank, with the staged pieces; that can be done once and may cost a fee. Refused like
     * {@link #stage}.
     */
    public StripeDispute submit(String disputeId, Map<String, String> evidence, String idempotencyKey) {
        return update("disputes.submit", disputeId, evidence, true, idempotencyKey);
    }

    private StripeDispute update(String operation, String disputeId, Map<String, String> evidence, boolean submit,
            String idempotencyKey) {
        StripeForm form = new StripeForm();
        new TreeMap<>(evidence).forEach((name, text) -> form.put("evidence[" + name + "]", text));
        form.put("submit", submit);
        try {
            return StripeDispute.from(calls.post(operation, path(operation, disputeId), form, idempotencyKey, null));
        } catch (StripeRefused.InvalidRequest refused) {
            if (refused.blames()) {
                throw new StripeRefused.UnexpectedState(refused.reason(), null);
            }
            throw refused;
        }
    }

    private static String path(String operation, String disputeId) {
        return PATH + "/" + StripeCalls.id(operation, disputeId);
    }
}
