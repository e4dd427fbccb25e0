package io.coachpay.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;

/** A coach's taken times. */
@Path("/v1/coaches/{id}/busy")
@Tag(name = "Coaches")
public class BusyResource {

    private static final Duration LONGEST = Duration.ofDays(62);
    private static final Duration USUAL = Duration.ofDays(14);

    private final Sessions sessions;
    private final Clock clock;

    BusyResource(Sessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @GET
    @Operation(summary = "A coach's taken times", description = "Without the mentees; 62 days at most, the next 14 by default; needs no token.")
    @APIResponse(responseCode = "200", description = "The taken times, earliest first")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid time, or too many days")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no coach of that id")
    public List<Sessions.Busy> busy(@PathParam("id") UUID id, @QueryParam("from") @Nullable Instant from,
            @QueryParam("to") @Nullable Instant to) {
        Instant begin = from == null ? clock.instant() : from;
        Instant end = to == null ? begin.plus(USUAL) : to;
        if (!end.isAfter(begin) || Duration.between(begin, end).compareTo(LONGEST) > 0) {
            throw new InvalidField("to", "must be after from, by " + LONGEST.toDays() + " days at most");
        }
        return sessions.busy(id, begin, end);
    }
}
