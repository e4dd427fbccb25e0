package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Replaces ids with their objects where the request asks for it.
 *
 * @see <a href="https://docs.stripe.com/api/expanding_objects">Stripe: expanding objects</a>
 */
final class Expansion {

    /** Stands for a field that can be asked for, and is null. */
    static final String NOTHING = "nothing";

    private static final int DEEPEST = 4;

    private final State state;
    private final ExternalAccounts banks;
    private final Included included;

    /** Fields that are left out of an object unless they are asked for, such as a charge's refunds. */
    interface Included {
        /**
         * The value of such a field, or null if there is no such field.
         *
         * @param field of the object, or of a part of it: {@code features.subscription_update.products}
         */
        @Nullable
        Object of(String account, JsonObject object, String field);
    }

    Expansion(State state, ExternalAccounts banks, Included included) {
        this.state = state;
        this.banks = banks;
        this.included = included;
    }

    /** A copy of the answer with the paths expanded; the stored objects stay unchanged. */
    JsonObject expand(String account, JsonObject answer, List<String> paths) {
        JsonObject copy = answer.copy();
        for (String path : paths) {
            List<String> steps = List.of(path.split("\\."));
            if (steps.size() > DEEPEST) {
                throw StripeError.invalid("You cannot expand more than 4 levels of a property (" + path + ").", "expand");
            }
            expand(account, copy, copy, "", steps, path);
        }
        return copy;
    }

    /**
     * @param whole the nearest object with a kind of its own, of which {@code object} is the part {@code within}, or itself
     */
    private void expand(String caller, JsonObject whole, JsonObject object, String within, List<String> steps, String path) {
        String id = object.getString("id");
        String owner = id == null ? null : state.owner(id);
        // beyond a destination payment one walks among the connected account's objects
        String account = owner == null || object.getString("object").equals("account") ? caller : owner;
        String field = steps.get(0);
        if (!object.containsKey(field)) {
            Object more = included.of(account, whole, within + field);
            if (more == null) {
                // A part that is one of several kinds has the field of its own kind alone.
                boolean otherKind = object.containsKey("type") && !object.containsKey("object");
                if (otherKind || Boolean.TRUE.equals(object.getBoolean("deleted"))) {
                    return;
                }
                throw StripeError.invalid("This property cannot be expanded (" + path + ").", "expand");
            }
            object.put(field, more.equals(NOTHING) ? null : more);
        }
        Object value = object.getValue(field);
        if (value instanceof String named) {
            value = lookUp(account, named, path);
            object.put(field, value);
        }
        List<String> rest = steps.subList(1, steps.size());
        if (rest.isEmpty()) {
            return;
        }
        if (value instanceof JsonArray array) {
            Json.objects(array).forEach(each -> expand(account, each, each, "", rest, path));
        }
        if (value instanceof JsonObject inner && inner.containsKey("object")) {
            expand(account, inner, inner, "", rest, path);
        } else if (value instanceof JsonObject part) {
            expand(account, whole, part, within + field + ".", rest, path);
        }
    }

    private JsonObject lookUp(String account, String id, String path) {
        JsonObject bank = id.startsWith("ba_") ? banks.find(account, id) : null;
        if (bank != null) {
            return bank.copy();
        }
        String owner = id.startsWith("acct_") || id.startsWith("py_") || id.startsWith("pyr_") ? state.owner(id) : account;
        JsonObject found = owner == null ? null : state.find(owner, id);
        if (found == null) {
            throw StripeError.invalid("This property cannot be expanded (" + path + ").", "expand");
        }
        return found.copy();
    }
}
