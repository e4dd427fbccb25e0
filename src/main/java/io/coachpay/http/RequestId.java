package io.coachpay.http;

import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.MDC;

import io.coachpay.access.Ids;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;

/**
 * Gives each request an id, which is in every log line about it and in its answer: the client's own, where it is fit for a log,
 * else a new one. The id belongs to the request and not to a thread, so it follows the request and ends with it.
 */
@ApplicationScoped
public class RequestId {

    /** Carries the client's own id, and returns the request's. */
    public static final String HEADER = "X-Request-Id";
    /** Its name in log lines and problems. */
    public static final String NAME = "requestId";

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{8,64}");
    /** Before everything else, so that nothing is refused without it. */
    private static final int FIRST = 10_000;

    void add(@Observes Filters filters) {
        filters.register(RequestId::give, FIRST);
    }

    private static void give(RoutingContext request) {
        String theirs = request.request().getHeader(HEADER);
        String id = theirs != null && SANE.matcher(theirs).matches() ? theirs : Ids.next().toString();
        MDC.put(NAME, id);
        request.response().putHeader(HEADER, id);
        request.next();
    }

    /** Adds the id of the current request to its refusal. */
    static void tell(HttpProblem.Builder problem) {
        Object id = MDC.get(NAME);
        if (id != null) {
            problem.with(NAME, id);
        }
    }
}
