package io.coachpay.http;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import io.quarkiverse.resteasy.problem.validation.Violation;

/** Gives the problems that frameworks raise (no role, an unknown path, a violated constraint) a type and a detail too. */
@ApplicationScoped
class ProblemTypes implements ProblemPostProcessor {

    private static final Map<Integer, String> NAMES = Map.of(
            400, "invalid-request", 401, "not-signed-in", 403, "not-allowed", 404, "not-found", 405, "method-not-allowed",
            406, "not-acceptable", 413, "too-large", 415, "unsupported-media-type", 500, "internal-error");

    private static final Map<Integer, String> DETAILS = Map.of(
            403, "The signed-in person's role does not allow this", 404, "There is nothing here",
            405, "This path does not take that method", 406, "Answers here are of another type than asked for",
            415, "Requests here are sent as application/json", 500, "Something went wrong on our side; it has been logged");

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        HttpProblem.Builder complete = HttpProblem.builder(problem);
        String name = NAMES.get(problem.getStatusCode());
        if (name != null && (problem.getType() == null || problem.getType().toString().equals("about:blank"))) {
            complete.withType(URI.create(Refused.URN + name));
        }
        if (problem.getDetail() == null) {
            complete.withDetail(detail(problem));
        }
        RequestId.tell(complete);
        return complete.build();
    }

    private static String detail(HttpProblem problem) {
        if (problem.getParameters().get("violations") instanceof List<?> violations) {
            return violations.stream().map(ProblemTypes::words).collect(Collectors.joining("; "));
        }
        return DETAILS.getOrDefault(problem.getStatusCode(), "The request was refused");
    }

    private static String words(Object violation) {
        if (violation instanceof Violation broken) {
            return (broken.field.isEmpty() ? "The request's body" : broken.field + ":") + " " + broken.message;
        }
        return violation.toString();
    }
}
