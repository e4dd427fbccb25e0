package io.coachpay.http;

import java.net.URI;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;

/** Gives the problems that frameworks raise (no token, malformed JSON, unknown path) a type of ours too. */
@ApplicationScoped
class ProblemTypes implements ProblemPostProcessor {

    private static final Map<Integer, String> NAMES = Map.of(
            400, "invalid-request", 401, "not-signed-in", 403, "not-allowed", 404, "not-found", 405, "method-not-allowed",
            406, "not-acceptable", 413, "too-large", 415, "unsupported-media-type", 500, "internal-error");

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        String name = NAMES.get(problem.getStatusCode());
        if (name == null || problem.getType() != null && !problem.getType().toString().equals("about:blank")) {
            return problem;
        }
        return HttpProblem.builder(problem).withType(URI.create(Refused.URN + name)).build();
    }
}
