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
 * Each request has an id, which stands in every line that is logged while it is handled, and in its answer: the client's own,
 * where it sends one that can be trusted in a log, else a new one. It is kept by the request and not by a thread, so it goes
 * where the request goes and ends with it.
 */
@ApplicationScoped
public class RequestId {

    /** Brings the client's own id, and takes the request's to the client. */
    public static final String HEADER = "X-Request-Id";
    /** What it is called in log lines and problems. */
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

    /** Puts the id of the request that is being handled into its refusal. */
    static void tell(HttpProblem.Builder problem) {
        Object id = MDC.get(NAME);
        if (id != null) {
            problem.with(NAME, id);
        }
    }
}
