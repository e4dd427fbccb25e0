package io.coachpay.http;

import java.util.List;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Refuses NUL characters: no text of ours has one, and PostgreSQL cannot be asked for one. */
@Provider
@Priority(Priorities.AUTHENTICATION)
class NoNuls implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        request.getUriInfo().getQueryParameters().forEach(NoNuls::check);
    }

    private static void check(String name, List<String> values) {
        if (values.stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
            throw new InvalidField(name, "must not contain NUL characters");
        }
    }
}
