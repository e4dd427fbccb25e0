package io.coachpay.http;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

import org.jspecify.annotations.Nullable;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * Takes the labels of request metrics from closed lists: the methods of HTTP, and the paths there are. Otherwise each method or
 * path that a stranger invents would make a series of its own, until nothing new is measured any more.
 */
@Dependent
class RequestLabels {

    private static final String REQUESTS = "http.server.";
    private static final String OTHER = "other";
    /**
     * Only one of the two servers, the API's and the operators', is measured with this label, and a registry takes both or
     * neither.
     */
    private static final String PORT = "server.port";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
            "PATCH");
    /** Requests that belong to no resource's path: webhooks, and the names for unknown paths. */
    private static final Set<String> NAMES = Set.of("NOT_FOUND", "REDIRECTION", "UNKNOWN", "root", "/webhooks/stripe",
            "/webhooks/stripe/connect", "/q/openapi");

    @Produces
    @Singleton
    MeterFilter closedLists(BeanManager beans) {
        return new MeterFilter() {

            private @Nullable Set<String> paths;

            @Override
            public Meter.Id map(Meter.Id meter) {
                if (!meter.getName().startsWith(REQUESTS)) {
                    return meter;
                }
                return meter.replaceTags(meter.getTags().stream().filter(tag -> !tag.getKey().equals(PORT))
                        .map(this::fromAList).toList());
            }

            private Tag fromAList(Tag tag) {
                return switch (tag.getKey()) {
                    case "method" -> Tag.of("method", METHODS.contains(tag.getValue()) ? tag.getValue() : OTHER);
                    case "uri" -> Tag.of("uri", known().contains(tag.getValue()) ? tag.getValue() : OTHER);
                    default -> tag;
                };
            }

            /** Looked up at the first request, when all beans exist. */
            private synchronized Set<String> known() {
                if (paths == null) {
                    paths = paths(beans);
                }
                return paths;
            }
        };
    }

    private static Set<String> paths(BeanManager beans) {
        Set<String> paths = new HashSet<>(NAMES);
        for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
            Path root = bean.getBeanClass().getAnnotation(Path.class);
            if (root != null) {
                Arrays.stream(bean.getBeanClass().getMethods()).filter(RequestLabels::isEndpoint)
                        .forEach(method -> paths.add(path(root, method.getAnnotation(Path.class))));
            }
        }
        return paths;
    }

    private static boolean isEndpoint(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().isAnnotationPresent(HttpMethod.class));
    }

    private static String path(Path root, @Nullable Path own) {
        String path = "/" + root.value() + (own == null ? "" : "/" + own.value());
        return path.replaceAll("\\{(\\w+):[^}]*}", "{$1}").replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    }
}
