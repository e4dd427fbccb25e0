package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The part of Stripe's search language that names fields and metadata, joined by AND.
 *
 * @see <a href="https://docs.stripe.com/search">Stripe: search</a>
 */
final class Search {

    static final String PARAMETERS = "query! limit page expand[] ";

    private static final Pattern CLAUSE = Pattern
            .compile("\\s*(?:(\\w+)|metadata\\[[\"'](\\w+)[\"']\\])\\s*:\\s*[\"']([^\"']*)[\"']\\s*(?:AND|$)",
                    Pattern.CASE_INSENSITIVE);

    private Search() {
    }

    static JsonObject run(Call call, List<JsonObject> oldestFirst) {
        Predicate<JsonObject> wanted = parse(call.parameters().need("query")).and(each -> !each.getBoolean("deleted", false));
        Long limit = call.parameters().integer("limit");
        JsonArray data = new JsonArray();
        for (int i = oldestFirst.size() - 1; i >= 0 && data.size() < (limit == null ? 10 : limit); i--) {
            if (wanted.test(oldestFirst.get(i))) {
                data.add(oldestFirst.get(i));
            }
        }
        return Json.object("object", "search_result", "data", data, "has_more", false, "next_page", null, "url", call.path());
    }

    private static Predicate<JsonObject> parse(String query) {
        Predicate<JsonObject> all = each -> true;
        Matcher matcher = CLAUSE.matcher(query);
        int end = 0;
        while (end < query.length() && matcher.find(end) && matcher.start() == end) {
            String field = matcher.group(1);
            String key = matcher.group(2);
            String value = matcher.group(3);
            all = all.and(each -> value.equals(String.valueOf(
                    field == null ? each.getJsonObject("metadata").getValue(key) : each.getValue(field))));
            end = matcher.end();
        }
        if (end < query.length()) {
            throw StripeError.invalid("We were unable to parse your search query: " + query, "query");
        }
        return all;
    }
}
