package io.coachpay.http;

import java.net.URI;
import java.util.List;

import jakarta.ws.rs.ext.Provider;

import io.coachpay.money.MoneyRefused;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** Answers amounts that cannot be charged: 422 for a rule of the business, 400 for bad notation. */
@Provider
class MoneyRefusedMapper extends ExceptionMapperBase<MoneyRefused> {

    @Override
    protected HttpProblem toProblem(MoneyRefused refused) {
        return problem(refused, "");
    }

    /** The problem, with the name of the field that held the amount, where one did. */
    static HttpProblem problem(MoneyRefused refused, String field) {
        boolean malformed = refused instanceof MoneyRefused.Malformed;
        HttpProblem.Builder problem = HttpProblem.builder()
                .withType(URI.create(Refused.URN + refused.problem()))
                .withTitle(malformed ? "Not an amount" : "Amount refused")
                .withStatus(RefusedMapper.status(malformed ? 400 : 422, "Unprocessable Content"))
                .withDetail(refused.getMessage());
        if (!field.isEmpty()) {
            problem.with("violations", List.of(new InvalidField.Violation(field, String.valueOf(refused.getMessage()))));
        }
        return problem.build();
    }
}
