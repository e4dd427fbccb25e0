package io.coachpay.session;

import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.PublicAddress;
import io.coachpay.http.Replay;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.PaymentView;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.Transactions;
import io.quarkus.security.Authenticated;

/** Booking sessions and paying for them. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Sessions", description = "Booking a coach, and paying for it")
public class SessionResource {

    private final Sessions sessions;
    private final SessionPayments payments;
    private final Cancellations cancellations;
    private final Completions completions;
    private final Transactions transactions;
    private final PaymentMethods methods;
    private final Access access;
    private final Replay replay;
    private final PublicAddress addresses;
    private final ObjectMapper json;

    @Inject
    SessionResource(Sessions sessions, SessionPayments payments, Cancellations cancellations,
            Completions completions, Transactions transactions, PaymentMethods methods, Access access, Replay replay,
            PublicAddress addresses, ObjectMapper json) {
        this.sessions = sessions;
        this.payments = payments;
        this.cancellations = cancellations;
        this.completions = completions;
        this.transactions = transactions;
        this.methods = methods;
        this.access = access;
        this.replay = replay;
        this.addresses = addresses;
        this.json = json;
    }

    @POST
    @Operation(summary = "Book a coach", description = "Holds the slot for 30 minutes, or as long as a payment that was begun may take, and no longer than two hours in all, nor than until its start.")
    @APIResponse(responseCode = "201", description = "Booked, waiting for its payment", content = @Content(schema = @Schema(implementation = SessionView.class)))
    @APIResponse(responseCode = "404", description = "There is no such coach")
    @APIResponse(responseCode = "409", description = "`slot-taken`; the coach cannot be paid yet: `coach-cannot-charge`; `too-many-holds`: you have as many unpaid bookings as you may (`most`); `coach-held`: the coach has, of all mentees together")
    @APIResponse(responseCode = "422", description = "A start or a duration that cannot be booked")
    public Response book(@Valid @NotNull BookingForm form) {
        CoachingSession booked = sessions.book(form.coachId(), form.startsAt(), form.durationMinutes());
        return addresses.created("/v1/sessions/" + booked.id()).entity(view(booked)).build();
    }

    @GET
    @Operation(summary = "My sessions", description = "As mentee or as coach, newest booking first.")
    @APIResponse(responseCode = "200", description = "A page of sessions")
    @APIResponse(responseCode = "400", description = "`invalid-request`: no role, status, limit or cursor")
    public Page<SessionView> list(
            @QueryParam("as") @DefaultValue("mentee") @Schema(enumeration = { "mentee", "coach" }) String as,
            @QueryParam("status") @Parameter(description = "Only those of this status", example = "confirmed") @Nullable String status,
            @BeanParam @Valid Paging paging) {
        if (!as.equals("mentee") && !as.equals("coach")) {
            throw new InvalidField("as", "must be mentee or coach");
        }
        return Page.of(sessions.mine(as.equals("coach"), status(status), paging), paging, CoachingSession::id, this::view);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of my sessions")
    @APIResponse(responseCode = "200", description = "The session")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    public SessionView get(@PathParam("id") UUID id) {
        return view(sessions.mine(id));
    }

    @POST
    @Path("/{id}/payment")
    @MoneyMoving
    @Operation(summary = "Pay for a session", description = """
            Begins a payment, or goes on with the one begun before. Another method than before ends the earlier attempt at
            Stripe first. The outcome follows by Stripe's webhook: look at the session.""")
    @APIResponse(responseCode = "200", description = "What to do next", content = @Content(schema = @Schema(implementation = PaymentView.class)))
    @APIResponse(responseCode = "202", description = "Stripe has it; the outcome follows", content = @Content(schema = @Schema(implementation = PaymentView.class)))
    @APIResponse(responseCode = "404", description = "There is no such session, or it is not yours to pay")
    @APIResponse(responseCode = "402", description = "`card-declined`, with Stripe's `code` and `declineCode`")
    @APIResponse(responseCode = "409", description = "`already-paid`, `payment-in-progress`, `session-expired`, `session-begun` or `coach-cannot-charge`")
    @APIResponse(responseCode = "422", description = "`payment-method-unknown`: no such saved payment method; `return-url-not-allowed`: payers are not sent to that origin")
    @APIResponse(responseCode = "429", description = "Too many payments a minute; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send it again")
    public Response pay(@PathParam("id") UUID id, @Valid @NotNull PaymentForm form) throws IOException {
        if (replay.isOne()) {
            sessions.mine(id);
            JsonNode earlier = json.readTree(replay.body());
            return answer(transactions.open(UUID.fromString(earlier.path("transactionId").asText())));
        }
        return answer(payments.pay(id, new SessionPayments.Wish(method(form.method()), form.paymentMethodId(),
                methods.returnUrls(form.successUrl(), form.cancelUrl()))));
    }

    @GET
    @Path("/{id}/payment")
    @AsksStripe
    @Operation(summary = "The payment of a session", description = "The same again, after a closed tab.")
    @APIResponse(responseCode = "200", description = "What to do next")
    @APIResponse(responseCode = "404", description = "No payment has begun")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public PaymentView payment(@PathParam("id") UUID id) {
        return payments.show(id);
    }

    @DELETE
    @Path("/{id}/payment")
    @AsksStripe
    @Operation(summary = "Give a payment up", description = "Ends it at Stripe first. The slot stays held until its time is over.")
    @APIResponse(responseCode = "204", description = "It will never succeed")
    @APIResponse(responseCode = "404", description = "No payment has begun")
    @APIResponse(responseCode = "409", description = "`payment-in-progress`: Stripe does not end it now; `already-paid`: too late")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public void giveUp(@PathParam("id") UUID id) {
        payments.giveUp(id);
    }

    @POST
    @Path("/{id}/cancel")
    @MoneyMoving
    @Operation(summary = "Cancel a session", description = """
            The coach's cancellation gives everything back, and so does an administrator's. The mentee's does until the time
            agreed at booking (24 hours before the start unless configured otherwise), later the share agreed at booking, and
            after the start the mentee cannot cancel. A payment that has not succeeded is ended at Stripe first.""")
    @APIResponse(responseCode = "200", description = "Cancelled; `refund` is what goes back, if anything does")
    @APIResponse(responseCode = "404", description = "There is no such session, or it is not yours")
    @APIResponse(responseCode = "409", description = "`session-not-cancellable`: it is over in some way; `session-begun`: too late for the mentee; `payment-disputed`: its payment is being disputed; `payment-in-progress`: Stripe is busy with its payment")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send it again")
    public SessionView cancel(@PathParam("id") UUID id) {
        Cancellations.Cancelled cancelled = cancellations.cancel(id);
        return view(cancelled.session(), cancelled.refund());
    }

    @POST
    @Path("/{id}/complete")
    @Operation(summary = "Say that a session took place", description = "For its coach, from its start on. Without it a session is completed 24 hours after its end.")
    @APIResponse(responseCode = "200", description = "Completed")
    @APIResponse(responseCode = "404", description = "There is no such session, or you are not its coach")
    @APIResponse(responseCode = "409", description = "`session-not-begun`, or `session-not-confirmed`: it is anything else")
    public SessionView complete(@PathParam("id") UUID id) {
        return view(completions.complete(id));
    }

    @POST
    @Path("/{id}/no-show")
    @Operation(summary = "Say that the mentee did not come", description = "For its coach, from its start on. For the money it counts as completed.")
    @APIResponse(responseCode = "200", description = "Noted")
    @APIResponse(responseCode = "404", description = "There is no such session, or you are not its coach")
    @APIResponse(responseCode = "409", description = "`session-not-begun`, or `session-not-confirmed`: it is anything else")
    public SessionView noShow(@PathParam("id") UUID id) {
        return view(completions.missed(id));
    }

    private static Response answer(PaymentView payment) {
        boolean follows = payment.status().equals(Transaction.Status.PROCESSING.column());
        return Response.status(follows ? 202 : 200).entity(payment).build();
    }

    private static Transaction.Method method(String method) {
        for (Transaction.Method known : Transaction.Method.values()) {
            if (known.column().equals(method)) {
                return known;
            }
        }
        throw new InvalidField("method", "must be checkout, payment_intent or saved_card");
    }

    private static CoachingSession.@Nullable Status status(@Nullable String status) {
        if (status == null) {
            return null;
        }
        for (CoachingSession.Status known : CoachingSession.Status.values()) {
            if (known.column().equals(status)) {
                return known;
            }
        }
        throw new InvalidField("status", "is no status of a session");
    }

    private SessionView view(CoachingSession session) {
        return view(session, null);
    }

    /** The split is the coach's affair: a mentee sees the price. */
    private SessionView view(CoachingSession session, @Nullable Money refund) {
        boolean asCoach = session.coachId().equals(access.userId());
        return new SessionView(session.id(), session.coachId(), session.menteeId(), session.startsAt(), session.endsAt(),
                session.status().column(), session.paymentStatus(), session.split().price(),
                asCoach ? session.split().fee() : null, asCoach ? session.split().payout() : null, session.holdExpiresAt(),
                session.cancelledAt(), session.cancelledBy(), refund, session.completedAt());
    }

    /** What a booking takes. */
    @Schema(name = "BookingForm", examples = """
            {"coachId": "01890a5d-ac96-774b-bcce-b302099a8057", "startsAt": "2030-05-06T09:00:00Z", "durationMinutes": 75}""")
    public record BookingForm(@NotNull UUID coachId, @NotNull Instant startsAt, @NotNull Integer durationMinutes) {
    }

    /** How to pay. */
    @Schema(name = "PaymentForm", examples = "{\"method\": \"checkout\"}")
    public record PaymentForm(@NotNull @Schema(enumeration = {
            "checkout", "payment_intent", "saved_card" }) String method,
            @Nullable @Schema(description = "With `saved_card`: which one; without it the default one") UUID paymentMethodId,
            @Nullable @Schema(description = "With `checkout`: where Stripe sends a payer who paid, at an origin that the service allows") String successUrl,
            @Nullable @Schema(description = "With `checkout`: where Stripe sends a payer who left, at an origin that the service allows") String cancelUrl){
    }

    /** A session; fee and payout for its coach alone. */
    @Schema(name = "Session")
    public record SessionView(UUID id, UUID coachId, UUID menteeId, Instant startsAt, Instant endsAt,
            @Schema(enumeration = {
                    "pending_payment", "confirmed", "completed", "cancelled", "no_show", "expired" }) String status,
            @Schema(enumeration = {
                    "pending", "processing", "paid", "failed", "canceled", "partially_refunded", "refunded",
                    "disputed" }) String paymentStatus,
            Money price, @Nullable @Schema(description = "For the coach alone") Money platformFee,
            @Nullable @Schema(description = "For the coach alone: the price less the fee") Money coachPayout,
            @Nullable @Schema(description = "Until when the slot waits for a payment") Instant holdExpiresAt,
            @Nullable Instant cancelledAt,
            @Nullable @Schema(enumeration = {
                    "mentee", "coach", "admin" }) String cancelledBy,
            @Nullable @Schema(description = "In the answer to a cancellation: what goes back to the mentee") Money refund,
            @Nullable Instant completedAt){
    }
}
