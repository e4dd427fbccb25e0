package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Finds the target of a path. A segment that begins with a colon matches anything; a literal one wins over it. */
final class Routes<T> {

    private final List<Route<T>> routes = new ArrayList<>();

    private record Route<T>(String method, List<String> segments, T target) {

        @Nullable
        Map<String, String> match(String otherMethod, List<String> path) {
            if (!method.equals(otherMethod) || path.size() != segments.size()) {
                return null;
            }
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String segment = segments.get(i);
                if (segment.startsWith(":")) {
                    variables.put(segment.substring(1), path.get(i));
                } else if (!segment.equals(path.get(i))) {
                    return null;
                }
            }
            return variables;
        }
    }

    /** The target, and the values of the path's variables. */
    record Match<T>(T target, Map<String, String> variables) {
    }

    void add(String method, String pattern, T target) {
        routes.add(new Route<>(method, segments(pattern), target));
    }

    @Nullable
    Match<T> find(String method, String path) {
        List<String> segments = segments(path);
        Match<T> best = null;
        for (Route<T> route : routes) {
            Map<String, String> variables = route.match(method, segments);
            if (variables != null && (best == null || variables.size() < best.variables.size())) {
                best = new Match<>(route.target, variables);
            }
        }
        return best;
    }

    private static List<String> segments(String path) {
        String trimmed = path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
        return List.of(trimmed.split("/"));
    }
}
