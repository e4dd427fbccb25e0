package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/** The parameters of a request, read with their types; a wrong type is refused with the parameter's full name. */
final class Parameters {

    static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, Object> tree;
    private final String at;

    Parameters(Map<String, Object> tree) {
        this(tree, "");
    }

    private Parameters(Map<String, Object> tree, String at) {
        this.tree = tree;
        this.at = at;
    }

    /** Whether the parameter was sent at all, perhaps to unset a field. */
    boolean has(String name) {
        return tree.containsKey(name);
    }

    boolean isEmpty() {
        return tree.isEmpty();
    }

    /** The text, or null if it was not sent or sent empty, which is how Stripe's clients unset a field. */
    @Nullable
    String text(String name) {
        return tree.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    String need(String name) {
        String text = text(name);
        if (text == null) {
            throw StripeError.missing(name(name));
        }
        return text;
    }

    @Nullable
    Long integer(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException notAnInteger) {
            throw StripeError.malformed("parameter_invalid_integer", "Invalid integer: " + text, name(name));
        }
    }

    long needInteger(String name) {
        need(name);
        Long integer = integer(name);
        return integer == null ? 0 : integer;
    }

    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw StripeError.malformed("parameter_invalid_boolean", "Invalid boolean: " + text, name(name));
        }
        return text.equals("true");
    }

    /** One of the given words, or null. */
    @Nullable
    String oneOf(String name, String... words) {
        String text = text(name);
        if (text != null && !List.of(words).contains(text)) {
            throw StripeError.malformed("parameter_invalid_string_enum",
                    "Invalid " + name(name) + ": must be one of " + String.join(", ", words), name(name));
        }
        return text;
    }

    String currency(String name) {
        String currency = need(name);
        if (!currency.equals(currency.toLowerCase(Locale.ROOT)) || !Currencies.known(currency)) {
            throw StripeError.invalid("Invalid currency: " + currency + ". Stripe currently supports three-letter ISO codes.",
                    name(name));
        }
        return currency;
    }

    @SuppressWarnings("unchecked")
    Parameters nested(String name) {
        return new Parameters(tree.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of(), name(name));
    }

    @SuppressWarnings("unchecked")
    List<Parameters> items(String name) {
        List<Parameters> items = new ArrayList<>();
        if (tree.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Map) {
                    items.add(new Parameters((Map<String, Object>) value, name(name) + "[" + key + "]"));
                }
            });
        }
        return items;
    }

    List<String> texts(String name) {
        return tree.get(name) instanceof Map<?, ?> map ? map.values().stream().map(String::valueOf).toList() : List.of();
    }

    /** The tree as JSON, for settings that are stored as they were sent. */
    JsonObject json() {
        return new JsonObject(new LinkedHashMap<>(tree));
    }

    /**
     * Applies {@code metadata} to an object: keys are merged, an empty value removes its key, an empty {@code metadata} removes
     * all of them.
     */
    void metadata(JsonObject object) {
        metadata("metadata", object);
    }

    void metadata(String name, JsonObject object) {
        if (!has(name)) {
            return;
        }
        if ("".equals(tree.get(name))) {
            object.put("metadata", new JsonObject());
            return;
        }
        JsonObject metadata = object.getJsonObject("metadata", new JsonObject()).copy();
        Parameters sent = nested(name);
        if (sent.tree.size() > 50) {
            throw StripeError.invalid("You can have at most 50 metadata keys.", name(name));
        }
        sent.tree.forEach((key, value) -> {
            if ("".equals(value)) {
                metadata.remove(key);
                return;
            }
            metadata.put(key, String.valueOf(value));
        });
        object.put("metadata", metadata);
    }

    String name(String name) {
        return at.isEmpty() ? name : at + "[" + name + "]";
    }
}
