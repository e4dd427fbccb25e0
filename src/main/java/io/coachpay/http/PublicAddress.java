package io.coachpay.http;

import java.net.URI;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;

import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The address at which clients and browsers reach the service ({@code coachpay.public-url}). Every absolute address in an
 * answer starts with it: a request's {@code Host} is its sender's choice, and behind a proxy it is not even the public one.
 */
@ApplicationScoped
public class PublicAddress {

    private final URI base;

    PublicAddress(@ConfigProperty(name = "coachpay.public-url") URI base) {
        this.base = base;
    }

    /** The address of a path of ours. */
    public UriBuilder of(String path) {
        return UriBuilder.fromUri(base).path(path);
    }

    /** 201, with the address of the object that was made. */
    public Response.ResponseBuilder created(String path) {
        return Response.created(of(path).build());
    }
}
