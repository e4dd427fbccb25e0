package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.money.StripeCurrencies;

/** The platform's own books: revenue less costs is Stripe's balance of the platform; and everything sums to zero. */
final class PlatformBooks {

    private static final String GROUP = """
            select a.currency, sum(e.amount) as everything,
                   coalesce(sum(e.amount) filter (where a.kind not in ('external', 'fx') and a.kind not like 'coach%'), 0) as platform
              from ledger_entries e join ledger_accounts a on a.id = e.account_id
             where e.id > ?::uuid group by a.currency""";

    private final Http stripe = Http.sandbox();
    private final Map<String, BigDecimal> held = atStripe();
    /** Entries are written in the order of their ids, one story after the other, so only new ones have to be added. */
    private String last = latest("00000000-0000-0000-0000-000000000000");

    /** Promises broken since the last call. */
    List<String> broken() {
        List<String> broken = new ArrayList<>();
        for (Map<String, Object> row : OwnerSql.rows(GROUP, last)) {
            String currency = row.get("currency").toString();
            held.merge(currency, (BigDecimal) row.get("platform"), BigDecimal::add);
            if (((BigDecimal) row.get("everything")).signum() != 0) {
                broken.add("all entries in %s sum to %s".formatted(currency, row.get("everything")));
            }
        }
        last = latest(last);
        Map<String, BigDecimal> stripes = atStripe();
        TreeSet<String> currencies = new TreeSet<>(held.keySet());
        currencies.addAll(stripes.keySet());
        for (String currency : currencies) {
            BigDecimal ours = held.getOrDefault(currency, BigDecimal.ZERO);
            BigDecimal theirs = stripes.getOrDefault(currency, BigDecimal.ZERO);
            if (ours.compareTo(theirs) != 0) {
                broken.add("the platform has %s %s in the ledger and %s at Stripe".formatted(ours, currency, theirs));
                // one story's difference is not the next one's
                held.put(currency, theirs);
            }
        }
        return broken;
    }

    private static String latest(String otherwise) {
        return OwnerSql.rows("select id from ledger_entries order by id desc limit 1").stream()
                .map(row -> String.valueOf(row.get("id"))).findFirst().orElse(otherwise);
    }

    private Map<String, BigDecimal> atStripe() {
        Map<String, BigDecimal> all = new TreeMap<>();
        JsonNode balance = stripe.get("/v1/balance").body();
        for (String part : List.of("pending", "available", "connect_reserved")) {
            for (JsonNode each : balance.path(part)) {
                String currency = each.path("currency").asText().toUpperCase(java.util.Locale.ROOT);
                all.merge(currency, BigDecimal.valueOf(each.path("amount").asLong(), StripeCurrencies.of(currency).digits()),
                        BigDecimal::add);
            }
        }
        return all;
    }
}
