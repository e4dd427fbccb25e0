package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Writes Stripe's objects in their wire form, where a nullable field is present as null rather than absent. */
final class Json {

    private Json() {
    }

    /** An object of the given names and values, in that order; a null value is kept. */
    static JsonObject object(@Nullable Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }

    static JsonArray array(Object... values) {
        return new JsonArray(new ArrayList<>(List.of(values)));
    }

    /** A complete list object, as Stripe embeds it in other objects. */
    static JsonObject list(String url, JsonArray data) {
        return object("object", "list", "data", data, "has_more", false, "url", url);
    }

    static JsonObject list(String url) {
        return list(url, new JsonArray());
    }

    static JsonObject noAddress() {
        return object("city", null, "country", null, "line1", null, "line2", null, "postal_code", null, "state", null);
    }

    static List<String> strings(@Nullable JsonArray array) {
        return array == null ? List.of() : array.stream().map(String::valueOf).toList();
    }

    static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    /** The earlier values of changed fields, the {@code previous_attributes} of Stripe's update events. */
    static JsonObject previous(JsonObject before, JsonObject after) {
        JsonObject previous = new JsonObject();
        for (String name : before.fieldNames()) {
            Object earlier = before.getValue(name);
            // compared as JSON, where 1 equals 1 as an int or a long
            if (!object("it", earlier).equals(object("it", after.getValue(name)))) {
                previous.put(name, earlier);
            }
        }
        return previous;
    }
}
