package io.coachpay.stripe;

import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Balances of accounts and their lines, see
 * <a href="https://docs.stripe.com/api/balance_transactions">docs.stripe.com/api/balance_transactions</a>. The account null is
 * the platform.
 */
@ApplicationScoped
public class StripeBalances {

    private final StripeCalls calls;

    StripeBalances(StripeCalls calls) {
        this.calls = calls;
    }

    /** Reads an account's balance now. */
    public StripeBalance balance(@Nullable String accountId) {
        return StripeBalance.from(calls.get("balance.retrieve", "/v1/balance", new StripeForm(), accountId));
    }

    /**
     * One page of an account's balance transactions, newest first, as Stripe's JSON: one that cannot be parsed does not hide
     * the others ({@link StripeBalanceTransaction#from}). An interrupted import resumes with the last page's
     * {@link StripePage#next()}; everything since has been seen only when a page has none.
     *
     * @param since those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many, 1 to 100
     */
    public StripePage<JsonNode> transactions(@Nullable String accountId, Instant since,
            @Nullable String after, int limit) {
        return calls.page("balance_transactions.list", "/v1/balance_transactions", StripeCalls.page(since, after, limit),
                accountId, line -> line);
    }

    /** Reads one balance transaction. */
    public JsonNode transaction(@Nullable String accountId, String id) {
        String operation = "balance_transactions.retrieve";
        String path = "/v1/balance_transactions/" + StripeCalls.id(operation, id);
        return calls.get(operation, path, new StripeForm(), accountId);
    }
}
