package io.coachpay.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

import io.coachpay.access.Leftovers;

/** Begins each request on a thread that carries nothing from another one. */
@Provider
@Priority(0)
class CleanThread implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        Leftovers.rollBack();
    }
}
