package io.coachpay.coach;

import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.coachpay.http.Page;
import io.coachpay.http.Paging;

/** Coaches, publicly. */
@Path("/v1/coaches")
@Tag(name = "Coaches", description = "Coaches who can be booked, their terms and their earnings")
public class CoachResource {

    private final Coaches coaches;

    CoachResource(Coaches coaches) {
        this.coaches = coaches;
    }

    @GET
    @Operation(summary = "Coaches who can be booked", description = "Newest first; needs no token.")
    @APIResponse(responseCode = "200", description = "A page of coaches")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    public Page<PublicCoach> list(@BeanParam @Valid Paging paging) {
        return coaches.list(paging);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One coach", description = "Also one who cannot be booked at the moment; needs no token.")
    @APIResponse(responseCode = "200", description = "The coach")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no coach of that id")
    public PublicCoach one(@PathParam("id") UUID id) {
        return coaches.publicly(id);
    }
}
