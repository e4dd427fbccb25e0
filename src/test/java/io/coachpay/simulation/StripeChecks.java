package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/** Compares our books and rows with Stripe's: the same money, the same objects, each of them once. */
public final class StripeChecks {

    /** Objects that move money, and their rows: id, amount, currency, status. */
    private static final Map<String, String> ROWS = rows();

    private StripeChecks() {
    }

    private static Map<String, String> rows() {
        String ours = " and t.coach_id = any (?::uuid[])";
        Map<String, String> rows = new TreeMap<>();
        rows.put("charges", """
                select stripe_charge_id as id, amount, currency, 'succeeded' as status from transactions t
                 where status in ('completed', 'partially_refunded', 'refunded') and method is distinct from 'credits'"""
                + ours);
        rows.put("refunds", """
                select r.stripe_refund_id as id, r.amount, r.currency, r.status from refunds r
                  join transactions t on t.id = r.transaction_id where r.status <> 'refused'
                   and t.method is distinct from 'credits'""" + ours);
        rows.put("transfers",
                """
                        select id, amount, currency, null as status from (
                               select f.stripe_transfer_id as id, f.amount, f.currency, p.coach_id from transfers f
                                 join transactions p on p.id = f.transaction_id
                               union all
                               select stripe_fee_transfer_id, fee, currency, user_id from payouts where stripe_fee_transfer_id is not null
                               ) t where true"""
                        + ours);
        rows.put("reversals", """
                select v.stripe_reversal_id as id, v.amount, v.currency, null as status from transfer_reversals v
                  join transfers f on f.id = v.transfer_id join transactions t on t.id = f.transaction_id where true"""
                + ours);
        rows.put("feeRefunds", """
                select f.stripe_fee_refund_id as id, f.amount, f.currency, null as status from fee_refunds f
                  join transactions t on t.id = f.transaction_id where true""" + ours);
        rows.put("disputes", """
                select d.stripe_dispute_id as id, d.amount, d.currency, d.status from disputes d
                  join transactions t on t.id = d.transaction_id where true""" + ours);
        rows.put("payouts", """
                select t.stripe_payout_id as id, amount, currency, status from payouts t where status <> 'refused'
                   and t.user_id = any (?::uuid[])""");
        return rows;
    }

    static List<String> broken(Stage stage) {
        Map<String, String> coaches = new TreeMap<>();
        for (int coach = 0; coach < stage.howManyCoaches(); coach++) {
            if (!stage.accountOf(coach).isEmpty()) {
                coaches.put(stage.accountOf(coach), stage.coach(coach).id());
            }
        }
        return broken(coaches, path -> stage.told(path).body());
    }

    /**
     * Promises that do not hold for these coaches.
     *
     * @param coaches by their accounts at Stripe
     * @param told the sandbox's answer at a path
     */
    public static List<String> broken(Map<String, String> coaches, Function<String, JsonNode> told) {
        if (coaches.isEmpty()) {
            return List.of();
        }
        JsonNode books = told.apply(coaches.keySet().stream().map(account -> "account=" + account)
                .collect(Collectors.joining("&", "/sandbox/books?", "")));
        List<String> broken = new ArrayList<>();
        coaches.forEach((account, coach) -> broken.addAll(compare("coach " + coach, ledger(coach), balances(books, account))));
        ROWS.forEach((kind, query) -> broken
                .addAll(compare(kind, objects(query, coaches.values()), objects(books.path("objects").path(kind)))));
        broken.addAll(chargedTwice(books.path("objects").path("charges")));
        ROWS.keySet().forEach(kind -> broken.addAll(madeTwice(kind, books.path("objects").path(kind))));
        coaches.forEach((account, coach) -> broken.addAll(mirrored(told, account)));
        return broken;
    }

    private static Map<String, String> ledger(String coach) {
        return OwnerSql.rows("select currency, kind, balance from ledger_accounts where owner_id = ?::uuid and balance <> 0",
                coach).stream().collect(Collectors.toMap(row -> row.get("kind") + " " + row.get("currency"),
                        row -> plain((BigDecimal) row.get("balance"))));
    }

    private static Map<String, String> balances(JsonNode books, String account) {
        Map<String, String> figures = new TreeMap<>();
        for (JsonNode each : books.path("accounts")) {
            if (!each.path("account").asText().equals(account)) {
                continue;
            }
            for (JsonNode balance : each.path("balances")) {
                String currency = " " + balance.path("currency").asText().toUpperCase(Locale.ROOT);
                figures.put("coach_pending" + currency, plain(balance.path("pending")));
                figures.put("coach_available" + currency, plain(balance.path("available")));
                figures.put("coach_in_transit" + currency, plain(balance.path("inTransit")));
                figures.put("coach_paid_out" + currency, plain(balance.path("paidOut")));
            }
        }
        figures.values().removeIf("0"::equals);
        return figures;
    }

    /** Our objects by their ids; a row without one stands for an object that was never made. */
    private static Map<String, String> objects(String query, Iterable<String> coaches) {
        return OwnerSql.rows(query, "{" + String.join(",", coaches) + "}").stream().collect(Collectors.toMap(
                row -> String.valueOf(row.get("id")),
                row -> plain((BigDecimal) row.get("amount")) + " " + row.get("currency")
                        + (row.get("status") == null ? "" : " " + row.get("status")),
                (one, another) -> one + " and " + another, TreeMap::new));
    }

    private static Map<String, String> objects(JsonNode facts) {
        Map<String, String> all = new TreeMap<>();
        Set<String> stateless = Set.of("created", "reversed");
        for (JsonNode fact : facts) {
            String status = fact.path("status").asText();
            if (isByHand(fact)) {
                continue;
            }
            boolean failedCharge = fact.path("id").asText().startsWith("ch_") && status.equals("failed");
            if (!failedCharge) {
                all.put(fact.path("id").asText(), plain(fact.path("amount")) + " "
                        + fact.path("currency").asText().toUpperCase(Locale.ROOT)
                        + (stateless.contains(status) ? "" : " " + status));
            }
        }
        return all;
    }

    /** A transfer that came neither with a payment nor from a step has no row: its lines are booked one by one. */
    private static boolean isByHand(JsonNode fact) {
        return fact.path("id").asText().startsWith("tr_") && !fact.path("metadata").hasNonNull("coachpay_id")
                && !fact.hasNonNull("source");
    }

    /** A payment has one successful charge. */
    private static List<String> chargedTwice(JsonNode charges) {
        Map<String, Long> successes = StreamSupport.stream(charges.spliterator(), false)
                .filter(charge -> charge.path("status").asText().equals("succeeded"))
                .collect(Collectors.groupingBy(charge -> charge.path("source").asText(), Collectors.counting()));
        return successes.entrySet().stream().filter(each -> each.getValue() > 1)
                .map(each -> each.getKey() + " was charged " + each.getValue() + " times").toList();
    }

    /** A row's object is made once, even if the second one would look like something made by hand. */
    private static List<String> madeTwice(String kind, JsonNode facts) {
        Map<String, Long> made = StreamSupport.stream(facts.spliterator(), false)
                .filter(fact -> !kind.equals("charges") && fact.path("metadata").hasNonNull("coachpay_id"))
                .collect(Collectors.groupingBy(fact -> fact.path("metadata").path("coachpay_id").asText(),
                        Collectors.counting()));
        return made.entrySet().stream().filter(each -> each.getValue() > 1)
                .map(each -> "%d %s were made for the row %s".formatted(each.getValue(), kind, each.getKey())).toList();
    }

    /** Our mirror of an account is what Stripe says of it. */
    private static List<String> mirrored(Function<String, JsonNode> told, String account) {
        JsonNode stripes = told.apply("/v1/accounts/" + account);
        Map<String, Object> ours = OwnerSql.rows("""
                select charges_enabled, payouts_enabled, details_submitted, transfers_enabled, payouts_manual
                  from stripe_connected_accounts where stripe_account_id = ?""", account).get(0);
        Map<String, String> theirs = new TreeMap<>();
        for (String flag : List.of("charges_enabled", "payouts_enabled", "details_submitted")) {
            theirs.put(flag, stripes.path(flag).asText());
        }
        theirs.put("transfers_enabled",
                Boolean.toString(stripes.path("capabilities").path("transfers").asText().equals("active")));
        theirs.put("payouts_manual", Boolean.toString(stripes.path("settings").path("payouts").path("schedule").path("interval")
                .asText().equals("manual")));
        Map<String, String> believed = new TreeMap<>();
        ours.forEach((flag, value) -> believed.put(flag, String.valueOf(value)));
        return compare("account " + account, believed, theirs);
    }

    static List<String> compare(String what, Map<String, String> ours, Map<String, String> theirs) {
        TreeSet<String> all = new TreeSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        return all.stream().filter(key -> !ours.getOrDefault(key, "nothing").equals(theirs.getOrDefault(key, "nothing")))
                .map(key -> "%s, %s: we say %s, Stripe says %s".formatted(what, key, ours.getOrDefault(key, "nothing"),
                        theirs.getOrDefault(key, "nothing")))
                .toList();
    }

    private static String plain(JsonNode amount) {
        return plain(new BigDecimal(amount.asText()));
    }

    static String plain(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
