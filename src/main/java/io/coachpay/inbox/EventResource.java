package io.coachpay.inbox;

import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;

/** The webhook inbox, for administrators. */
@Path("/v1/admin/events")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Webhook inbox", description = "Events that Stripe sent to this service, and what became of them")
public class EventResource {

    private final Events events;

    EventResource(Events events) {
        this.events = events;
    }

    @GET
    @Operation(summary = "List events", description = "Stripe's events, newest first, without their payloads.")
    public Page<EventView> list(
            @QueryParam("status") @Parameter(description = "Only those of this status: received, processed, ignored, failed or dead", example = "dead") @Nullable String status,
            @QueryParam("type") @Size(max = 200) @Parameter(description = "Only those of this type", example = "payment_intent.succeeded") @Nullable String type,
            @Valid @BeanParam Paging paging) {
        EventStatus wanted = status == null ? null : EventStatus.of(status);
        return Page.of(events.list(wanted, type, paging.before(), paging.limit()), paging, Events.Row::id, EventView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Get an event", description = "Of its payload only the object's name is shown.")
    @APIResponse(responseCode = "200", description = "The event")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "404", description = "There is no such event")
    public DetailView find(
            @PathParam("id") @Parameter(description = "Our id of the event, or Stripe's", example = "evt_1Q0PsIJvEtkwdCNYMSaVuRz6") String id) {
        return DetailView.of(events.find(Reference.of(id, "evt_")));
    }

    @POST
    @Path("/{id}/replay")
    @Operation(summary = "Try an event again", description = """
            Puts a failed, dead or ignored event back into the inbox as if it had just arrived. What it tells is booked once, \
            however often it is replayed.""")
    @APIResponse(responseCode = "202", description = "The event is due again, and is applied in a moment", content = @Content(schema = @Schema(implementation = Replayed.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "404", description = "There is no such event")
    @APIResponse(responseCode = "409", description = "The event has been processed, waits for its attempt already, or its payload has been emptied")
    public Response replay(
            @PathParam("id") @Parameter(description = "Our id of the event, or Stripe's", example = "evt_1Q0PsIJvEtkwdCNYMSaVuRz6") String id) {
        events.replay(Reference.of(id, "evt_"));
        return Response.accepted(new Replayed(1, false)).build();
    }

    @POST
    @Path("/replay")
    @Operation(summary = "Try failed events again", description = "Oldest first, at most 1000 at a time; ask again while `more` is true.")
    @APIResponse(responseCode = "202", description = "These events are due again, and are applied in a moment", content = @Content(schema = @Schema(implementation = Replayed.class)))
    @APIResponse(responseCode = "400", description = "The status is neither failed nor dead")
    public Response replaySome(
            @QueryParam("status") @Parameter(description = "failed or dead", required = true, example = "dead") @Nullable String status,
            @QueryParam("type") @Size(max = 200) @Parameter(description = "Only those of this type", example = "charge.refunded") @Nullable String type) {
        EventStatus wanted = EventStatus.of(status == null ? "" : status);
        if (wanted != EventStatus.FAILED && wanted != EventStatus.DEAD) {
            throw new InvalidField("status", "must be failed or dead");
        }
        int replayed = events.replay(wanted, type);
        return Response.accepted(new Replayed(replayed, replayed == Events.MOST_REPLAYED)).build();
    }

    /** An event in a list. */
    @Schema(name = "Event")
    public record EventView(
            @Schema(description = "Our id of the event") UUID id,
            @Schema(description = "Stripe's id of the event", examples = "evt_1Q0PsIJvEtkwdCNYMSaVuRz6") String stripeEventId,
            @Schema(examples = "payment_intent.succeeded") String type,
            @Schema(description = "The webhook endpoint it belongs to") Endpoint endpoint,
            @Schema(description = "The connected account it is about; absent for the platform's own", examples = "acct_1Nv0FGQ9RKHgCVdK") @Nullable String account,
            EventStatus status,
            @Schema(description = "Attempts so far", examples = "1") int attempts,
            @Schema(description = "When it happened, by Stripe's clock") Instant createdAt,
            @Schema(description = "When it was accepted here") Instant receivedAt,
            @Schema(description = "When it was finished") @Nullable Instant processedAt,
            @Schema(description = "When its next attempt is due; absent when it is finished") @Nullable Instant nextAttemptAt,
            @Schema(description = "Why the last attempt failed, or why it was ignored", examples = "MissingParent: There is no transaction of pi_3Q0PsI") @Nullable String error) {

        static EventView of(Events.Row row) {
            boolean waits = row.status() == EventStatus.RECEIVED || row.status() == EventStatus.FAILED;
            return new EventView(row.id(), row.eventId(), row.type(), row.endpoint(), row.account(), row.status(),
                    row.attempts(),
                    row.created(), row.receivedAt(), row.processedAt(), waits ? row.nextAttemptAt() : null, row.error());
        }
    }

    /** One event. */
    @Schema(name = "EventDetail")
    public record DetailView(@JsonUnwrapped EventView event,
            @Schema(description = "The API version its object is written in", examples = "2026-07-29.dahlia") @Nullable String apiVersion,
            boolean livemode,
            @Schema(description = "The object it is about", examples = "pi_3Q0PsIJvEtkwdCNY1AbCdEfG") @Nullable String objectId,
            @Schema(examples = "payment_intent") @Nullable String objectType) {

        static DetailView of(Events.Detail detail) {
            Events.ObjectName object = detail.object();
            return new DetailView(EventView.of(detail.row()), detail.row().apiVersion(), detail.row().livemode(),
                    object == null ? null : object.id(), object == null ? null : object.type());
        }
    }

    /** The events that were put back. */
    public record Replayed(@Schema(description = "Events that are tried again", examples = "3") int replayed,
            @Schema(description = "Whether there may be more of them") boolean more) {
    }
}
