package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A movement of money in one currency: some balance transactions, and amounts from or to the outside world. It is only posted
 * when its parts sum to zero, so money can neither appear nor vanish.
 */
final class Movement {

    private final BalanceTransactions transactions;
    private final String currency;
    private long sum;

    /** Parties outside of Stripe's accounts, at the other end of its money. */
    enum Outside {
        PAYERS,
        STRIPE_FEES,
        BANKS,
        /** Gives one currency for another. */
        EXCHANGE
    }

    Movement(BalanceTransactions transactions, String currency) {
        this.transactions = transactions;
        this.currency = currency;
    }

    /** Adds {@code amount} less {@code fee} to an account. Returns the new balance transaction's id. */
    String enter(String account, Line line) {
        sum += line.amount - line.fee;
        return transactions.add(account, currency, line);
    }

    Movement outside(Outside party, long amount) {
        sum += amount;
        transactions.addOutside(party, currency, amount);
        return this;
    }

    /** Ends the movement; a sum other than zero is a bug of the sandbox. */
    void close() {
        if (sum != 0) {
            throw new IllegalStateException("Money must not appear or vanish: " + sum + " " + currency);
        }
    }

    /**
     * A future balance transaction.
     *
     * @param type as Stripe names it, for example {@code payment_refund}
     * @param fee taken from the amount; {@code feeType} says by whom
     * @param source the object that caused it; null for Stripe's own bills
     * @param availableOn the second from which it counts as available
     * @param category as reports name it; empty for the type's own
     */
    record Line(String type, long amount, long fee, String feeType, @Nullable String source, long availableOn,
            String description, String category) {

        static Line of(String type, long amount, @Nullable String source, long availableOn) {
            return new Line(type, amount, 0, "stripe_fee", source, availableOn, "", "");
        }

        Line worth(long newAmount, long newFee) {
            return new Line(type, newAmount, newFee, feeType, source, availableOn, description, category);
        }

        Line describedAs(String text) {
            return new Line(type, amount, fee, feeType, source, availableOn, text, category);
        }

        Line lessFee(long taken, String takenAs) {
            return new Line(type, amount, taken, takenAs, source, availableOn, description, category);
        }

        Line in(String reportingCategory) {
            return new Line(type, amount, fee, feeType, source, availableOn, description, reportingCategory);
        }

        JsonArray feeDetails(String currency, String application) {
            if (fee == 0) {
                return new JsonArray();
            }
            boolean ours = feeType.equals("application_fee");
            JsonObject detail = Json.object("amount", fee, "application", ours ? application : null, "currency", currency,
                    "description", ours ? "Application fee" : "Stripe processing fees", "type", feeType);
            return Json.array(detail);
        }
    }
}
