package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money from accounts to their owners' banks, see
 * <a href="https://docs.stripe.com/api/payouts">docs.stripe.com/api/payouts</a>. The account null is the platform.
 */
@ApplicationScoped
public class StripePayouts {

    private static final String PATH = "/v1/payouts";

    private final StripeCalls calls;

    StripePayouts(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * A payout of our row, to the account's bank for the amount's currency.
     *
     * @param amount positive, within the currency's limits in {@link io.coachpay.money.StripeAmounts}
     * @param instant within minutes, for which the bank must be eligible: {@link StripeAccount#instantCurrencies()}
     */
    public record NewPayout(UUID coachpayId, Money amount, boolean instant) {
    }

    /**
     * Pays out of a connected account. {@link StripeRefused.InsufficientBalance} means that this much is not available yet;
     * {@link StripeRefused.AccountNotReady} that payouts are disabled, that there is no bank for the currency, or that it takes
     * no instant payout. Stripe's code says which, if it has one for it.
     */
    public StripePayout create(String accountId, NewPayout payout, String idempotencyKey) {
        StripeForm form = new StripeForm().putAmount("amount", payout.amount()).putCurrency("currency", payout.amount())
                .put("method", payout.instant() ? "instant" : "standard")
                .putMetadata("metadata", payout.coachpayId(), Map.of());
        try {
            return StripePayout.from(calls.post("payouts.create", PATH, form, idempotencyKey, accountId));
        } catch (StripeRefused.InvalidRequest refused) {
            if (refused.blames("currency", "destination", "method")) {
                // Stripe has no code for a missing bank; a currency it did not know would have one.
                throw new StripeRefused.AccountNotReady(refused.reason());
            }
            throw refused;
        }
    }

    /** Reads a payout. */
    public StripePayout retrieve(@Nullable String accountId, String payoutId) {
        String operation = "payouts.retrieve";
        return StripePayout.from(calls.get(operation, path(operation, payoutId), new StripeForm(), accountId));
    }

    /** Cancels a payout before it leaves. {@link StripeRefused.UnexpectedState} means that it has left already: retrieve it. */
    public StripePayout cancel(String accountId, String payoutId, String idempotencyKey) {
        String operation = "payouts.cancel";
        String path = path(operation, payoutId) + "/cancel";
        try {
            return StripePayout.from(calls.post(operation, path, new StripeForm(), idempotencyKey, accountId));
        } catch (StripeRefused.InvalidRequest tooLate) {
            // Stripe has no code for this; the call has no parameters that could be wrong instead.
            throw new StripeRefused.UnexpectedState(tooLate.reason(), null);
        }
    }

    /** An account's payouts since a moment of ours, newest first; ours carry their row's id. */
    public List<StripePayout> list(String accountId, Instant createdSince) {
        return calls.all("payouts.list", PATH, accountId, () -> StripeCalls.since(createdSince), StripePayout::from);
    }

    /**
     * One page of an account's payouts, newest first.
     *
     * @param createdSince those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many, 1 to 100
     */
    public StripePage<StripePayout> page(@Nullable String accountId, Instant createdSince, @Nullable String after,
            int limit) {
        return calls.page("payouts.list", PATH, StripeCalls.page(createdSince, after, limit), accountId, StripePayout::from);
    }

    private static String path(String operation, String payoutId) {
        return PATH + "/" + StripeCalls.id(operation, payoutId);
    }
}
