package io.coachpay.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Stripe's form encoding into a tree: {@code a[b][c]=1} nests, {@code a[]=1} appends and {@code a[0][b]=1} counts. Every
 * node is a map; the nodes of an array have numbers as names, which is how PHP, and therefore Stripe, sees them.
 */
final class Form {

    private static final int MOST_FIELDS = 2_000;

    private Form() {
    }

    static Map<String, Object> parse(String... encodings) {
        Map<String, Object> root = new LinkedHashMap<>();
        int fields = 0;
        for (String encoding : encodings) {
            for (String pair : encoding.split("&", -1)) {
                if (pair.isEmpty()) {
                    continue;
                }
                if (++fields > MOST_FIELDS) {
                    throw StripeError.invalid("Too many parameters in one request.");
                }
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                put(root, path(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return root;
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            throw StripeError.invalid("Invalid form encoding near: " + encoded);
        }
    }

    private static List<String> path(String name) {
        List<String> path = new ArrayList<>();
        int bracket = name.indexOf('[');
        path.add(bracket < 0 ? name : name.substring(0, bracket));
        while (bracket >= 0) {
            int end = name.indexOf(']', bracket);
            if (end < 0) {
                throw StripeError.invalid("Invalid parameter name: " + name);
            }
            path.add(name.substring(bracket + 1, end));
            bracket = name.indexOf('[', end);
        }
        return path;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> root, List<String> path, String value) {
        Map<String, Object> node = root;
        for (String step : path.subList(0, path.size() - 1)) {
            String name = step.isEmpty() ? String.valueOf(node.size()) : step;
            if (!(node.get(name) instanceof Map)) {
                node.put(name, new LinkedHashMap<String, Object>());
            }
            node = (Map<String, Object>) node.get(name);
        }
        String last = path.get(path.size() - 1);
        node.put(last.isEmpty() ? String.valueOf(node.size()) : last, value);
    }
}
