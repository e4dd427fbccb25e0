package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Answers lists as Stripe pages them: newest first, from an id onwards or up to one.
 *
 * @see <a href="https://docs.stripe.com/api/pagination">Stripe: pagination</a>
 */
final class Lists {

    /** The parameters of every list, to be followed by its own filters. */
    static final String PARAMETERS = "limit starting_after ending_before created* expand[] ";

    private Lists() {
    }

    /** A page of the objects, given oldest first, that match the filter and the call's {@code created}. */
    static JsonObject page(Call call, List<JsonObject> oldestFirst, Predicate<JsonObject> filter) {
        Parameters parameters = call.parameters();
        int limit = limit(parameters);
        String after = parameters.text("starting_after");
        String before = parameters.text("ending_before");
        if (after != null && before != null) {
            throw StripeError.invalid("You can only use one of starting_after and ending_before.", "ending_before");
        }
        Predicate<JsonObject> wanted = filter.and(created(parameters));
        List<JsonObject> found = before == null ? olderThan(oldestFirst, after, wanted, limit)
                : newerThan(oldestFirst, before, wanted, limit);
        boolean more = found.size() > limit;
        if (more) {
            // the extra object only shows that there are more; it lies at the far end of the page
            found.remove(before == null ? found.size() - 1 : 0);
        }
        JsonArray data = new JsonArray();
        found.forEach(data::add);
        return Json.object("object", "list", "data", data, "has_more", more, "url", call.path());
    }

    static Predicate<JsonObject> equal(Call call, String... names) {
        Predicate<JsonObject> all = object -> true;
        for (String name : names) {
            String wanted = call.parameters().text(name);
            if (wanted != null) {
                all = all.and(object -> wanted.equals(object.getString(name)));
            }
        }
        return all;
    }

    private static int limit(Parameters parameters) {
        Long limit = parameters.integer("limit");
        if (limit == null) {
            return 10;
        }
        if (limit < 1 || limit > 100) {
            throw StripeError.malformed("parameter_invalid_integer", "This value must be between 1 and 100 (inclusive).",
                    "limit");
        }
        return limit.intValue();
    }

    private static List<JsonObject> olderThan(List<JsonObject> oldestFirst, @Nullable String id, Predicate<JsonObject> wanted,
            int limit) {
        int from = id == null ? oldestFirst.size() : position(oldestFirst, id, "starting_after");
        List<JsonObject> found = new ArrayList<>();
        for (int i = from - 1; i >= 0 && found.size() <= limit; i--) {
            if (wanted.test(oldestFirst.get(i))) {
                found.add(oldestFirst.get(i));
            }
        }
        return found;
    }

    private static List<JsonObject> newerThan(List<JsonObject> oldestFirst, String id, Predicate<JsonObject> wanted,
            int limit) {
        int from = position(oldestFirst, id, "ending_before");
        List<JsonObject> found = new ArrayList<>();
        for (int i = from + 1; i < oldestFirst.size() && found.size() <= limit; i++) {
            if (wanted.test(oldestFirst.get(i))) {
                found.add(0, oldestFirst.get(i));
            }
        }
        return found;
    }

    private static int position(List<JsonObject> objects, String id, String param) {
        for (int i = objects.size() - 1; i >= 0; i--) {
            if (id.equals(objects.get(i).getString("id"))) {
                return i;
            }
        }
        throw StripeError.invalid("resource_missing", "No such object: '" + id + "'", param);
    }

    private static Predicate<JsonObject> created(Parameters parameters) {
        return parameters.has("created") ? within(parameters, "created") : object -> true;
    }

    /** Matches values within a parameter that is a number or a range, {@code created[gte]=1}. */
    static Predicate<JsonObject> within(Parameters parameters, String name) {
        Long exactly = parameters.nested(name).isEmpty() ? parameters.integer(name) : null;
        Parameters range = parameters.nested(name);
        Long after = range.integer("gt");
        Long from = range.integer("gte");
        Long before = range.integer("lt");
        Long to = range.integer("lte");
        return object -> {
            long value = object.getLong(name);
            return (exactly == null || value == exactly) && (after == null || value > after)
                    && (from == null || value >= from) && (before == null || value < before) && (to == null || value <= to);
        };
    }
}
