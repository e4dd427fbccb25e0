package io.coachpay.payout;

import java.util.List;
import java.util.UUID;

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

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.PublicAddress;
import io.quarkus.security.Authenticated;

/** A coach's payouts. */
@Path("/v1/me/payouts")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Payouts", description = "What coaches have earned, and how it gets to their banks")
public class PayoutResource {

    private final Payouts requests;
    private final PublicAddress addresses;

    PayoutResource(Payouts requests, PublicAddress addresses) {
        this.requests = requests;
        this.addresses = addresses;
    }

    @GET
    @Operation(summary = "My payouts", description = "Newest first; also those made in Stripe's dashboard.")
    @APIResponse(responseCode = "200", description = "A page of payouts")
    @APIResponse(responseCode = "400", description = "`invalid-request`: no limit or cursor")
    public Page<PayoutView> list(@BeanParam @Valid Paging paging) {
        return Page.of(requests.mine(paging), paging, Payout::id, PayoutView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of my payouts", description = "With what it is made of, as far as an answer can be long.")
    @APIResponse(responseCode = "200", description = "The payout")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    public PayoutDetail get(@PathParam("id") UUID id) {
        Payout payout = requests.mine(id);
        return new PayoutDetail(PayoutView.of(payout), requests.items(payout).stream().map(ItemView::of).toList());
    }

    @GET
    @Path("/quote")
    @AsksStripe
    @Operation(summary = "What a payout would cost me", description = "What a request with the same `method`, `amount` and `currency` would come to at this moment. Nothing is kept for it. What a standard payout costs is nothing.")
    @APIResponse(responseCode = "200", description = "The amount, and the fee besides it")
    @APIResponse(responseCode = "400", description = "`invalid-request`: no method, amount or currency")
    @APIResponse(responseCode = "404", description = "The signed-in person is no coach")
    @APIResponse(responseCode = "409", description = "`payout-blocked` with `reasons`")
    @APIResponse(responseCode = "422", description = "`exceeds-available` with what is `available`, `below-minimum`, or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; ask again")
    public QuoteView quote(
            @QueryParam("method") @DefaultValue("instant") @Parameter(description = "`standard` or `instant`", example = "instant") String method,
            @QueryParam("amount") @Parameter(description = "In the currency; without it: all there is", example = "80.00") @Nullable String amount,
            @QueryParam("currency") @Parameter(description = "If it is not the profile's", example = "USD") @Nullable String currency) {
        return QuoteView.of(requests.quote(amount, currency, isInstant(method)));
    }

    @POST
    @MoneyMoving
    @Operation(summary = "Pay me out", description = "Whatever the schedule and the minimum of the profile say, of what was released. `instant` arrives within minutes where the bank takes it, and is a usual payout with a `fallbackReason` where not. An instant one costs a fee, which `GET /v1/me/payouts/quote` tells before and `fee` of the payout after: where the coach bears it, it is taken from the balance besides the amount, and all there is pays all less the fee. It is not given back should the bank return the payout. A usual one costs nothing.")
    @APIResponse(responseCode = "201", description = "On its way", content = @Content(schema = @Schema(implementation = PayoutView.class)))
    @APIResponse(responseCode = "202", description = "Stripe is asked for it as soon as it answers", content = @Content(schema = @Schema(implementation = PayoutView.class)))
    @APIResponse(responseCode = "404", description = "The signed-in person is no coach")
    @APIResponse(responseCode = "409", description = "`payout-blocked` with `reasons`, or `payout-refused` with Stripe's `code`")
    @APIResponse(responseCode = "422", description = "`exceeds-available` with what is `available`, `below-minimum`, or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests a minute; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing was done, send it again")
    public Response request(@Valid @NotNull PayoutForm form) {
        Payout payout = requests.request(new Payouts.PayoutOrder(form.amount(), form.currency(), form.wantsInstant()));
        Response.ResponseBuilder answer = payout.stripeId() == null ? Response.accepted()
                : addresses.created("/v1/me/payouts/" + payout.id());
        return answer.entity(PayoutView.of(payout)).build();
    }

    @POST
    @Path("/{id}/cancel")
    @MoneyMoving
    @Operation(summary = "Take a payout back", description = "As long as it is pending. Stripe decides.")
    @APIResponse(responseCode = "200", description = "Canceled; its money can be paid out again")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    @APIResponse(responseCode = "409", description = "`payout-not-pending`: it has left, has ended, or has not begun; `payout-blocked` with `account_deauthorized`")
    @APIResponse(responseCode = "429", description = "Too many requests a minute; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send it again")
    public PayoutView cancel(@PathParam("id") UUID id) {
        return PayoutView.of(requests.cancel(id));
    }

    /** What to pay out, and how fast. */
    @Schema(name = "PayoutForm", examples = """
            {"amount": {"amount": "80.00", "currency": "USD"}, "method": "standard"}""")
    public record PayoutForm(@Nullable @Schema(description = "Without it: all there is") Money amount,
            @Nullable @Schema(description = "Without an amount: in which currency, if it is not the profile's", examples = "USD") String currency,
            @NotNull @Schema(enumeration = {
                    "standard", "instant" }) String method){

        private boolean wantsInstant() {
            return isInstant(method);
        }
    }

    private static boolean isInstant(String method) {
        return switch (method) {
            case "standard" -> false;
            case "instant" -> true;
            default -> throw new InvalidField("method", "must be standard or instant");
        };
    }

    /** What a payout would come to. */
    @Schema(name = "PayoutQuote")
    public record QuoteView(Money amount, @Schema(enumeration = {
            "standard", "instant" }) String method,
            @Nullable @Schema(description = "Why it would be a standard one although an instant one is wanted", examples = "destination_not_eligible") String fallbackReason,
            @Schema(description = "What Stripe charges for it; where the coach bears it, taken besides the amount") Money fee,
            @Schema(enumeration = { "coach", "platform" }) String borneBy){

        static QuoteView of(Quote quote) {
            return new QuoteView(quote.amount(), quote.method().column(), quote.method().fallbackReason(), quote.fee(),
                    quote.bearer().code());
        }
    }

    /** A payout with what it is made of. */
    @Schema(name = "PayoutDetail")
    public record PayoutDetail(@JsonUnwrapped PayoutView payout,
            @Schema(description = "They sum to the amount; at most 1000 are shown") List<ItemView> items) {
    }

    /** A part of a payout. */
    @Schema(name = "PayoutItem")
    public record ItemView(@Schema(enumeration = {
            "earning", "deduction" }) String kind,
            @Schema(description = "Negative for a deduction, after a refund or a dispute") Money amount,
            @Nullable UUID transactionId, @Nullable UUID sessionId){

        static ItemView of(PayoutItems.Shown item) {
            return new ItemView(item.amount().isNegative() ? "deduction" : "earning", item.amount(), item.transactionId(),
                    item.sessionId());
        }
    }
}
