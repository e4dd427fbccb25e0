package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonObject;

/** Shows an event as an endpoint of another API version would get it. */
final class Versions {

    private Versions() {
    }

    /** Before the releases had names, payments still pointed to their invoice. */
    static JsonObject older(JsonObject event) {
        JsonObject older = event.copy().put("api_version", "2024-06-20");
        JsonObject object = older.getJsonObject("data").getJsonObject("object");
        if (List.of("payment_intent", "charge").contains(object.getString("object", ""))) {
            object.put("invoice", null);
        }
        object.remove("customer_account");
        return older;
    }

    /** A later release brings fields that nobody has heard of. */
    static JsonObject newer(JsonObject event) {
        JsonObject newer = event.copy().put("api_version", "2028-01-26.later");
        newer.getJsonObject("data").getJsonObject("object").put("not_yet_known", Json.object("reason", "a_later_release"));
        return newer;
    }
}
