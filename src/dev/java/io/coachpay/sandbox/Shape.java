package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of an operation, written as compactly as Stripe documents them:
 * {@code "amount! currency! metadata* transfer_data{destination amount} expand[] line_items[]{quantity}"}, where {@code !} is
 * required, {@code []} an array, {@code {…}} a nested object and {@code *} anything below. Others are refused, because a
 * parameter that is silently ignored makes a test lie.
 */
final class Shape {

    private final Map<String, Shape> names = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private final boolean anything;
    private boolean scalar = true;

    private Shape(boolean anything) {
        this.anything = anything;
    }

    static Shape of(String text) {
        Shape shape = new Shape(false);
        new Reader(text).readInto(shape);
        return shape;
    }

    /** Refuses unknown and missing parameters, naming them as Stripe does: {@code transfer_data[destination]}. */
    void check(Map<String, Object> tree) {
        check(tree, "");
    }

    private void check(Map<String, Object> tree, String at) {
        for (Map.Entry<String, Object> entry : tree.entrySet()) {
            String name = at.isEmpty() ? entry.getKey() : at + "[" + entry.getKey() + "]";
            Shape shape = names.containsKey("[]") ? names.get("[]") : names.get(entry.getKey());
            if (shape == null) {
                throw StripeError.unknown(name);
            }
            shape.checkValue(entry.getValue(), name);
        }
        for (String name : required) {
            if (!tree.containsKey(name) || "".equals(tree.get(name))) {
                throw StripeError.missing(at.isEmpty() ? name : at + "[" + name + "]");
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void checkValue(Object value, String name) {
        if (anything || "".equals(value)) {
            return;
        }
        if (value instanceof Map) {
            if (scalar) {
                throw StripeError.malformed("parameter_invalid_string", "Invalid string: " + name, name);
            }
            check((Map<String, Object>) value, name);
            return;
        }
        if (!scalar) {
            throw names.containsKey("[]") ? StripeError.malformed("parameter_invalid_array", "Invalid array", name)
                    : StripeError.malformed("parameter_invalid_object", "Invalid object", name);
        }
    }

    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readInto(Shape shape) {
            while (at < text.length() && text.charAt(at) != '}') {
                if (Character.isWhitespace(text.charAt(at))) {
                    at++;
                    continue;
                }
                readName(shape);
            }
        }

        private void readName(Shape shape) {
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            if (start == at) {
                throw new IllegalArgumentException("Expected a name at " + at + " of: " + text);
            }
            String name = text.substring(start, at);
            boolean array = skip("[]");
            Shape below = new Shape(skip("*"));
            if (skip("{")) {
                below.scalar = false;
                readInto(below);
                at++;
            }
            if (skip("!")) {
                shape.required.add(name);
            }
            shape.names.put(name, array ? arrayOf(below) : below);
        }

        private static Shape arrayOf(Shape item) {
            Shape array = new Shape(false);
            array.scalar = false;
            array.names.put("[]", item);
            return array;
        }

        private boolean skip(String token) {
            if (!text.startsWith(token, at)) {
                return false;
            }
            at += token.length();
            return true;
        }
    }
}
