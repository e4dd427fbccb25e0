package io.coachpay.simulation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/** Stripe was asked for each object once, and nothing that is over can still be paid there. */
public final class OnceChecks {

    private static final Set<String> OVER = Set.of("succeeded", "canceled", "complete", "expired");

    private OnceChecks() {
    }

    static List<String> broken(Stage stage) {
        return broken(stage.people(), path -> stage.told(path).body());
    }

    /**
     * Promises that do not hold for these people.
     *
     * @param told the sandbox's answer at a path
     */
    public static List<String> broken(String people, Function<String, JsonNode> told) {
        List<String> broken = new ArrayList<>();
        for (Map<String, Object> user : OwnerSql.rows(
                """
                        select u.email, c.stripe_customer_id as customer, c.refused_email as refused, c.sync_status as status from users u left join stripe_customers c on c.user_id = u.id
                         where u.id = any (?::uuid[])""",
                people)) {
            String customer = (String) user.get("customer");
            JsonNode customers = list(told, "/v1/customers?limit=100&email="
                    + URLEncoder.encode(String.valueOf(user.get("email")), StandardCharsets.UTF_8));
            if (customer != null && user.get("refused") == null && !"missing".equals(user.get("status"))
                    && customers.isEmpty()) {
                broken.add("Stripe has not heard of the address of " + user.get("email"));
            }
            if (customers.size() > (customer == null ? 0 : 1)) {
                broken.add(
                        "%s, known as %s, is %d customers at Stripe".formatted(user.get("email"), customer, customers.size()));
            }
            if (customer != null) {
                JsonNode pages = list(told, "/v1/checkout/sessions?limit=100&customer=" + customer);
                broken.addAll(once(list(told, "/v1/payment_intents?limit=100&customer=" + customer), leftBehind(pages)));
                broken.addAll(once(pages, Set.of()));
                broken.addAll(once(list(told, "/v1/setup_intents?limit=100&customer=" + customer), ofPages(pages)));
            }
        }
        return broken;
    }

    private static JsonNode list(Function<String, JsonNode> told, String path) {
        return told.apply(path).path("data");
    }

    /** Payments that a slow bank refused: the page is closed, and Stripe lets nobody cancel its payment. */
    private static Set<String> leftBehind(JsonNode pages) {
        Set<String> left = new HashSet<>();
        for (JsonNode page : pages) {
            if (page.path("status").asText().equals("complete") && page.path("payment_status").asText().equals("unpaid")) {
                left.add(page.path("payment_intent").asText());
            }
        }
        return left;
    }

    /** A page that closes leaves its setup as it is, and nobody has its secret. */
    private static Set<String> ofPages(JsonNode pages) {
        Set<String> setups = new HashSet<>();
        pages.forEach(page -> setups.add(page.path("setup_intent").asText()));
        return setups;
    }

    private static List<String> once(JsonNode objects, Set<String> leftBehind) {
        List<String> broken = new ArrayList<>();
        Map<String, String> made = new HashMap<>();
        for (JsonNode object : objects) {
            String id = object.path("id").asText();
            if (!object.path("metadata").has("coachpay_id")) {
                // Stripe made it for an invoice.
                continue;
            }
            String other = made.put(object.path("metadata").path("coachpay_id").asText(), id);
            if (other != null) {
                broken.add("%s and %s were made for one payment".formatted(other, id));
            }
            if (!OVER.contains(object.path("status").asText()) && !leftBehind.contains(id)) {
                broken.add("%s is still %s".formatted(id, object.path("status").asText()));
            }
        }
        return broken;
    }
}
