package io.coachpay.http;

import java.net.URI;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;

import org.jboss.logging.Logger;

import io.coachpay.access.DatabaseAway;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Answers 503 with a time to retry when the database is away or has no connection left. Any other unnamed failure is 500. */
final class Unavailable {

    private static final String NAME = "unavailable";
    private static final URI TYPE = URI.create(Refused.URN + NAME);
    private static final String TITLE = "Service unavailable";
    private static final String DETAIL = "The database does not answer at the moment: send the same request again, under the"
            + " same Idempotency-Key if it has one";
    private static final int AGAIN_SECONDS = 1;

    private Unavailable() {
    }

    /** Exceptions of endpoints that have no mapper of their own. */
    @Provider
    @Priority(NotSignedIn.FIRST)
    static class Mapper extends ExceptionMapperBase<Exception> {

        @Override
        protected HttpProblem toProblem(Exception failure) {
            return DatabaseAway.isBehind(failure)
                    ? HttpProblem.builder().withType(TYPE).withTitle(TITLE).withStatus(Status.SERVICE_UNAVAILABLE)
                            .withDetail(DETAIL).withHeader(HttpHeaders.RETRY_AFTER, String.valueOf(AGAIN_SECONDS)).build()
                    : HttpProblem.valueOf(Status.INTERNAL_SERVER_ERROR);
        }
    }

    /** Failures while the caller is authenticated, before an endpoint is chosen, where no mapper applies. */
    @ApplicationScoped
    static class BeforeEndpoints {

        private static final Logger LOG = Logger.getLogger(Unavailable.class);

        void add(@Observes Router router) {
            router.route().order(Integer.MIN_VALUE).failureHandler(BeforeEndpoints::answer);
        }

        private static void answer(RoutingContext request) {
            Throwable failure = request.failure();
            if (failure == null || request.response().headWritten() || !DatabaseAway.isBehind(failure)) {
                request.next();
                return;
            }
            LOG.error("Callers cannot be authenticated while the database is away", failure);
            EarlyRefusal.answer(request.request(), new Away());
        }
    }

    private static final class Away extends Refused {
        Away() {
            super(NAME, Status.SERVICE_UNAVAILABLE.getStatusCode(), TITLE, DETAIL);
            with("retryAfter", AGAIN_SECONDS);
        }
    }
}
