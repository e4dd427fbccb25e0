package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/** Saved payment methods are those that Stripe has, with one default, and no wish is left that Stripe has not heard. */
final class CardChecks {

    private static final String CUSTOMERS = """
            select c.user_id::text as user, c.stripe_customer_id as customer, c.sync_status as status, c.wanted_default as wanted
              from stripe_customers c where c.user_id = any (?::uuid[])""";
    private static final String METHODS = """
            select stripe_payment_method_id as id, last4, expiry_year, is_default, check_at is not null as wished
              from payment_methods where user_id = ?::uuid and detached_at is null order by 1""";
    private static final String SETUPS = """
            select id::text as id, status from payment_method_setups
             where user_id = any (?::uuid[]) and status in ('requested', 'open', 'failed')""";

    private CardChecks() {
    }

    static List<String> broken(Stage stage) {
        List<String> broken = new ArrayList<>();
        OwnerSql.rows(CUSTOMERS, stage.people()).forEach(customer -> broken.addAll(broken(stage, customer)));
        OwnerSql.rows(SETUPS, stage.people())
                .forEach(setup -> broken.add("setup %s is still %s".formatted(setup.get("id"), setup.get("status"))));
        return broken;
    }

    private static List<String> broken(Stage stage, Map<String, Object> customer) {
        List<String> broken = new ArrayList<>();
        String owner = "user " + customer.get("user");
        List<Map<String, Object>> ours = OwnerSql.rows(METHODS, customer.get("user"));
        boolean none = customer.get("customer") == null || "missing".equals(customer.get("status"));
        Map<String, String> theirs = new TreeMap<>();
        String named = "";
        if (!none) {
            for (JsonNode method : stage.list("/v1/customers/" + customer.get("customer") + "/payment_methods?limit=100")) {
                theirs.put(method.path("id").asText(),
                        method.path("card").path("last4").asText() + " " + method.path("card").path("exp_year").asText());
            }
            named = stage.told("/v1/customers/" + customer.get("customer")).body().path("invoice_settings")
                    .path("default_payment_method").asText("");
        }
        Map<String, String> known = ours.stream().collect(Collectors.toMap(row -> String.valueOf(row.get("id")),
                row -> row.get("last4") + " " + row.get("expiry_year"), (one, other) -> one + " and " + other, TreeMap::new));
        if (!known.equals(theirs)) {
            broken.add("%s has the methods %s, and %s at Stripe".formatted(owner, known, theirs));
        }
        List<String> defaults = ours.stream().filter(row -> Boolean.TRUE.equals(row.get("is_default")))
                .map(row -> String.valueOf(row.get("id"))).toList();
        if (!defaults.equals(theirs.isEmpty() ? List.of() : List.of(named))) {
            broken.add("%s has the default %s, and %s at Stripe".formatted(owner, defaults, named));
        }
        if (customer.get("wanted") != null) {
            broken.add("%s still wants %s as default".formatted(owner, customer.get("wanted")));
        }
        ours.stream().filter(row -> Boolean.TRUE.equals(row.get("wished")))
                .forEach(row -> broken.add("Stripe has yet to hear of " + row.get("id")));
        return broken;
    }
}
