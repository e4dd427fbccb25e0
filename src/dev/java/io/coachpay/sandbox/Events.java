package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Records changes as Stripe's events, and hands each to the webhooks.
 *
 * @see <a href="https://docs.stripe.com/api/events">Stripe: events</a>
 */
final class Events {

    static final String API_VERSION = "2026-07-29.dahlia";

    private static final int MOST_TYPES = 20;

    /** Stripe forgets events after 30 days, so a late backfill finds nothing here either. */
    private static final long KEPT_SECONDS = 30L * 24 * 60 * 60;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Webhooks webhooks;
    private @Nullable Call cause;

    Events(State state, Ids ids, VirtualClock clock, Webhooks webhooks) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.webhooks = webhooks;
    }

    /** Names the request that causes the next events; null when a person or time itself does. */
    void causedBy(@Nullable Call call) {
        cause = call;
    }

    void send(String account, String type, JsonObject object) {
        record(account, type, Json.object("object", object.copy()));
    }

    /** Sends an update together with the earlier values; nothing is sent if nothing changed. */
    void sendUpdate(String account, String type, JsonObject object, JsonObject before) {
        JsonObject previous = Json.previous(before, object);
        if (!previous.isEmpty()) {
            record(account, type, Json.object("object", object.copy(), "previous_attributes", previous.copy()));
        }
    }

    /** Posts an event again, as the button in Stripe's dashboard does; the event itself stays the same. */
    void resend(String id, int times) {
        String account = state.owner(id);
        JsonObject event = account == null ? null : state.find(account, "event", id);
        if (event == null) {
            throw StripeError.noSuch("event", id);
        }
        for (int i = 0; i < times; i++) {
            webhooks.resend(event);
        }
    }

    void forgetOld() {
        long oldest = clock.seconds() - KEPT_SECONDS;
        state.removeIf("event", event -> event.getLong("created") < oldest);
    }

    JsonObject list(Call call) {
        String type = call.parameters().text("type");
        List<String> types = call.parameters().texts("types");
        if (type != null && !types.isEmpty()) {
            throw StripeError.invalid("You may pass only one of these parameters: type, types.", "type");
        }
        if (types.size() > MOST_TYPES) {
            throw StripeError.invalid("You may filter by at most " + MOST_TYPES + " types.", "types");
        }
        boolean delivered = call.parameters().flag("delivery_success");
        return Lists.page(call, state.all(call.account(), "event"), event -> (type == null || matches(type, event))
                && (types.isEmpty() || types.stream().anyMatch(one -> matches(one, event)))
                && (!call.parameters().has("delivery_success") || delivered == (event.getInteger("pending_webhooks") == 0)));
    }

    JsonObject retrieve(Call call) {
        return state.get(call.account(), "event", call.id());
    }

    void routes(Api api) {
        api.get("/v1/events", Lists.PARAMETERS + "type types[] delivery_success", this::list);
        api.get("/v1/events/:id", "expand[]", this::retrieve);
    }

    static boolean matches(String pattern, JsonObject event) {
        String type = event.getString("type");
        return pattern.endsWith("*") ? type.startsWith(pattern.substring(0, pattern.length() - 1)) : type.equals(pattern);
    }

    private void record(String account, String type, JsonObject data) {
        Call call = cause;
        JsonObject event = Json.object("id", ids.next("evt_"), "object", "event");
        if (!account.equals(State.PLATFORM)) {
            event.put("account", account);
        }
        event.put("api_version", API_VERSION).put("created", clock.seconds()).put("data", data).put("livemode", false)
                .put("pending_webhooks", 0)
                .put("request", Json.object("id", call == null ? null : call.requestId(), "idempotency_key",
                        call == null ? null : call.idempotencyKey()))
                .put("type", type);
        state.add(account, event);
        webhooks.send(event);
    }
}
