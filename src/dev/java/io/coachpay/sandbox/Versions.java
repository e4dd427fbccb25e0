package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonObject;

/** Converts an event into its form for an endpoint of another API version. */
final class Versions {

    private Versions() {
    }

    /** The form of a release before names, in which payments still pointed to their invoice. */
    static JsonObject older(JsonObject event) {
        JsonObject older = event.copy().put("api_version", "2024-06-20");
        JsonObject object = older.getJsonObject("data").getJsonObject("object");
        if (List.of("payment_intent", "charge").contains(object.getString("object", ""))) {
            object.put("invoice", null);
        }
        object.remove("customer_account");
        return older;
    }

    /** The form of a later release, with fields that no client knows. */
    static JsonObject newer(JsonObject event) {
        JsonObject newer = event.copy().put("api_version", "2028-01-26.later");
        newer.getJsonObject("data").getJsonObject("object").put("not_yet_known", Json.object("reason", "a_later_release"));
        return newer;
    }
}
