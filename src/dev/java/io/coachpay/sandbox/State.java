package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * All state of the sandbox: Stripe's objects by the account that owns them, and beside each object the notes that Stripe would
 * keep to itself. An object belongs to exactly one account, and no other account can find it.
 */
final class State {

    /** The platform's own partition; a connected account's is named by its id. */
    static final String PLATFORM = "platform";

    private final Map<String, Owned> byId = new HashMap<>();
    private final Map<String, Map<String, List<JsonObject>>> byAccount = new LinkedHashMap<>();
    private final Map<String, JsonObject> notes = new HashMap<>();

    private record Owned(String account, JsonObject object) {
    }

    void add(String account, JsonObject object) {
        byId.put(object.getString("id"), new Owned(account, object));
        byAccount.computeIfAbsent(account, any -> new LinkedHashMap<>())
                .computeIfAbsent(object.getString("object"), any -> new ArrayList<>()).add(object);
    }

    @Nullable
    JsonObject find(String account, String id) {
        Owned owned = byId.get(id);
        return owned == null || !owned.account.equals(account) ? null : owned.object;
    }

    @Nullable
    JsonObject find(String account, String kind, String id) {
        JsonObject object = find(account, id);
        return object == null || !kind.equals(object.getString("object")) ? null : object;
    }

    /** The object in a path; 404 if the account has none of that kind. */
    JsonObject get(String account, String kind, String id) {
        JsonObject object = find(account, kind, id);
        if (object == null) {
            throw StripeError.noSuch(kind, id);
        }
        return object;
    }

    /** The object of a parameter; 400 if the account has none of that kind. */
    JsonObject get(String account, String kind, String id, String param) {
        JsonObject object = find(account, kind, id);
        if (object == null) {
            throw StripeError.noSuch(kind, id, param);
        }
        return object;
    }

    /** The account that owns the object, or null if there is none; for hosted pages and controls, which know ids alone. */
    @Nullable
    String owner(String id) {
        Owned owned = byId.get(id);
        return owned == null ? null : owned.account;
    }

    /** All objects of a kind, oldest first. */
    List<JsonObject> all(String account, String kind) {
        return Collections.unmodifiableList(
                byAccount.getOrDefault(account, Map.of()).getOrDefault(kind, List.of()));
    }

    /** The accounts that own anything, the platform first. */
    List<String> accounts() {
        List<String> accounts = new ArrayList<>(byAccount.keySet());
        accounts.remove(PLATFORM);
        accounts.add(0, PLATFORM);
        return accounts;
    }

    void remove(JsonObject object) {
        String id = object.getString("id");
        removeIf(object.getString("object"), each -> id.equals(each.getString("id")));
    }

    void removeIf(String kind, Predicate<JsonObject> condition) {
        for (Map<String, List<JsonObject>> kinds : byAccount.values()) {
            kinds.getOrDefault(kind, new ArrayList<>()).removeIf(object -> {
                boolean gone = condition.test(object);
                if (gone) {
                    byId.remove(object.getString("id"));
                }
                return gone;
            });
        }
    }

    /** Notes on an object that are not part of it. */
    JsonObject notes(String id) {
        return notes.computeIfAbsent(id, any -> new JsonObject());
    }

    JsonObject save() {
        JsonObject accounts = new JsonObject();
        byAccount.forEach((account, kinds) -> {
            JsonArray objects = new JsonArray();
            kinds.values().forEach(list -> list.forEach(objects::add));
            accounts.put(account, objects);
        });
        JsonObject kept = new JsonObject();
        notes.forEach((id, note) -> {
            if (!note.isEmpty()) {
                kept.put(id, note);
            }
        });
        return Json.object("accounts", accounts, "notes", kept);
    }

    void load(JsonObject saved) {
        JsonObject accounts = saved.getJsonObject("accounts");
        for (String account : accounts.fieldNames()) {
            Json.objects(accounts.getJsonArray(account)).forEach(object -> add(account, object));
        }
        JsonObject kept = saved.getJsonObject("notes");
        kept.fieldNames().forEach(id -> notes.put(id, kept.getJsonObject(id)));
    }
}
