package io.coachpay.session;

import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
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
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.Choice;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.PublicAddress;
import io.quarkus.security.Authenticated;

/** Bookings of sessions, and their end. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Sessions", description = "Booking a coach, and paying for it")
public class SessionResource {

    private final Sessions sessions;
    private final Cancellations cancellations;
    private final Completions completions;
    private final Access access;
    private final PublicAddress addresses;

    @Inject
    SessionResource(Sessions sessions, Cancellations cancellations, Completions completions, Access access,
            PublicAddress addresses) {
        this.sessions = sessions;
        this.cancellations = cancellations;
        this.completions = completions;
        this.access = access;
        this.addresses = addresses;
    }

    @POST
    @Operation(summary = "Book a coach", description = "Holds the slot for 30 minutes, or as long as a begun payment may take; at most two hours, and until its start.")
    @APIResponse(responseCode = "201", description = "Booked, waiting for its payment", content = @Content(schema = @Schema(implementation = SessionView.class)))
    @APIResponse(responseCode = "404", description = "There is no such coach")
    @APIResponse(responseCode = "409", description = "`slot-taken`; `coach-cannot-charge`: the coach cannot be paid yet; `too-many-holds`: you have as many unpaid bookings as you may (`most`); `coach-held`: all mentees together have as many of this coach")
    @APIResponse(responseCode = "422", description = "This start or duration cannot be booked")
    public Response book(@Valid @NotNull BookingForm form) {
        CoachingSession booked = sessions.book(form.coachId(), form.startsAt(), form.durationMinutes());
        return addresses.created("/v1/sessions/" + booked.id()).entity(view(booked)).build();
    }

    @GET
    @Operation(summary = "My sessions", description = "As mentee or as coach, newest booking first.")
    @APIResponse(responseCode = "200", description = "A page of sessions")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid role, status, limit or cursor")
    public Page<SessionView> list(
            @QueryParam("as") @DefaultValue("mentee") @Schema(enumeration = { "mentee", "coach" }) String as,
            @QueryParam("status") @Parameter(description = "Only those of this status", example = "confirmed") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        if (!as.equals("mentee") && !as.equals("coach")) {
            throw new InvalidField("as", "must be mentee or coach");
        }
        SessionStatus known = status == null ? null
                : Choice.of("status", status, SessionStatus.values(), SessionStatus::column);
        return Page.of(sessions.mine(as.equals("coach"), known, paging), paging, CoachingSession::id, this::view);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of my sessions")
    @APIResponse(responseCode = "200", description = "The session")
    @APIResponse(responseCode = "404", description = "There is no such session, or it is not yours")
    public SessionView get(@PathParam("id") UUID id) {
        return view(sessions.mine(id));
    }

    @POST
    @Path("/{id}/cancel")
    @MoneyMoving
    @Operation(summary = "Cancel a session", description = """
            A cancellation by the coach or an administrator gives everything back. The mentee's does so until the time agreed
            at booking (24 hours before the start unless configured otherwise), and later gives the share agreed at booking.
            After the start the mentee cannot cancel. A payment that has not succeeded is ended at Stripe first.""")
    @APIResponse(responseCode = "200", description = "Cancelled; `refund` is what goes back, if anything does")
    @APIResponse(responseCode = "404", description = "There is no such session, or it is not yours")
    @APIResponse(responseCode = "409", description = "`session-not-cancellable`: it is completed, missed, cancelled or expired; `session-begun`: too late for the mentee; `payment-disputed`: its payment is being disputed; `payment-in-progress`: its payment may still succeed at Stripe")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public SessionView cancel(@PathParam("id") UUID id) {
        Cancellations.Cancelled cancelled = cancellations.cancel(id);
        return view(cancelled.session(), cancelled.refund());
    }

    @POST
    @Path("/{id}/complete")
    @AsksStripe
    @Operation(summary = "Say that a session took place", description = "For its coach, from its start on. Without it a session is completed 24 hours after its end.")
    @APIResponse(responseCode = "200", description = "Completed")
    @APIResponse(responseCode = "404", description = "There is no such session, or you are not its coach")
    @APIResponse(responseCode = "409", description = "`session-not-begun`, or `session-not-confirmed`: it is in another state")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public SessionView complete(@PathParam("id") UUID id) {
        return view(completions.complete(id));
    }

    @POST
    @Path("/{id}/no-show")
    @AsksStripe
    @Operation(summary = "Say that the mentee did not come", description = "For its coach, from its start on. The coach is paid as for a completed session.")
    @APIResponse(responseCode = "200", description = "Recorded: the session is a no-show")
    @APIResponse(responseCode = "404", description = "There is no such session, or you are not its coach")
    @APIResponse(responseCode = "409", description = "`session-not-begun`, or `session-not-confirmed`: it is in another state")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public SessionView noShow(@PathParam("id") UUID id) {
        return view(completions.missed(id));
    }

    private SessionView view(CoachingSession session) {
        return view(session, null);
    }

    /** The caller's view: only the coach sees the split, a mentee sees the price. */
    private SessionView view(CoachingSession session, @Nullable Money refund) {
        boolean asCoach = session.coachId().equals(access.userId());
        return new SessionView(session.id(), session.coachId(), session.menteeId(), session.slot().startsAt(),
                session.slot().endsAt(),
                session.status().column(), session.payment().status(), session.split().price(),
                asCoach ? session.split().fee() : null, asCoach ? session.feeSource().column() : null,
                asCoach ? session.split().payout() : null,
                session.slot().holdExpiresAt(),
                session.cancelledAt(), session.cancelledBy(), refund, session.completedAt());
    }

    /** A request for a booking. */
    @Schema(name = "BookingForm", examples = """
            {"coachId": "01890a5d-ac96-774b-bcce-b302099a8057", "startsAt": "2030-05-06T09:00:00Z", "durationMinutes": 75}""")
    public record BookingForm(@NotNull UUID coachId, @NotNull Instant startsAt, @NotNull Integer durationMinutes) {
    }

    /** A session; fee, its source and payout are for its coach alone. */
    @Schema(name = "Session")
    public record SessionView(UUID id, UUID coachId, UUID menteeId, Instant startsAt, Instant endsAt,
            @Schema(enumeration = {
                    "pending_payment", "confirmed", "completed", "cancelled", "no_show", "expired" }) String status,
            @Schema(enumeration = {
                    "pending", "processing", "paid", "failed", "canceled", "partially_refunded", "refunded",
                    "disputed" }) String paymentStatus,
            Money price, @Nullable @Schema(description = "For the coach alone") Money platformFee,
            @Nullable @Schema(enumeration = {
                    "profile",
                    "plan" }, description = "For the coach alone: whether the fee is the coach's own, or the lower one of the plan that the coach subscribed to at booking") String platformFeeSource,
            @Nullable @Schema(description = "For the coach alone: the price less the fee") Money coachPayout,
            @Nullable @Schema(description = "The time until which the slot waits for a payment") Instant holdExpiresAt,
            @Nullable Instant cancelledAt,
            @Nullable @Schema(enumeration = {
                    "mentee", "coach", "admin" }) String cancelledBy,
            @Nullable @Schema(description = "In the answer to a cancellation: what goes back to the mentee") Money refund,
            @Nullable Instant completedAt){
    }
}
