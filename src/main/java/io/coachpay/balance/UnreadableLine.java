package io.coachpay.balance;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.stripe.StripeBalanceTransaction;

/**
 * One of Stripe's balance transactions that cannot be imported, such as one in a currency that nobody here knows.
 *
 * @param id {@code txn_…}, or a placeholder
 * @param problem why it cannot be imported
 * @param text Stripe's JSON, cut off where it is long
 */
record UnreadableLine(String id, String problem, String text) {

    private static final int LONGEST = 1000;
    private static final Pattern ID = Pattern.compile("txn_[a-zA-Z0-9_]+");

    /** Reads the readable lines, and hands over the others. */
    static List<StripeBalanceTransaction> read(List<JsonNode> lines, Consumer<UnreadableLine> unreadable) {
        return lines.stream().<StripeBalanceTransaction> mapMulti((line, read) -> {
            try {
                read.accept(checked(StripeBalanceTransaction.from(line)));
            } catch (RuntimeException odd) {
                unreadable.accept(of(line, odd));
            }
        }).toList();
    }

    /** A line that the mirror's columns refuse would keep the whole page from being stored. */
    private static StripeBalanceTransaction checked(StripeBalanceTransaction line) {
        if (!ID.matcher(line.id()).matches()) {
            throw new IllegalArgumentException("The id is not a balance transaction's");
        }
        if (!line.net().isEqual(line.amount().minus(line.fee()))) {
            throw new IllegalArgumentException("The net is not the amount without the fee");
        }
        return line;
    }

    private static UnreadableLine of(JsonNode line, RuntimeException odd) {
        String text = line.toString();
        String id = line.path("id").asText();
        return new UnreadableLine(id.isEmpty() ? "without an id" : id, String.valueOf(odd.getMessage()),
                text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    }
}
