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

/** Shows coaches their payouts, and takes their requests. */
@Path("/v1/me/payouts")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Payouts", description = "Coaches' earnings, and their way to the bank")
public class PayoutResource {

    private final Payouts requests;
    private final PublicAddress addresses;

    PayoutResource(Payouts requests, PublicAddress addresses) {
        this.requests = requests;
        this.addresses = addresses;
    }

    @GET
    @Operation(summary = "List my payouts", description = "Newest first, including payouts made in Stripe's dashboard.")
    @APIResponse(responseCode = "200", description = "A page of payouts")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    public Page<PayoutView> list(@BeanParam @Valid Paging paging) {
        return Page.of(requests.mine(paging), paging, Payout::id, PayoutView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Get one of my payouts", description = "With the items that it is made of, 1000 at most.")
    @APIResponse(responseCode = "200", description = "The payout")
    @APIResponse(responseCode = "404", description = "The caller has no such payout")
    public PayoutDetail get(@PathParam("id") UUID id) {
        Payout payout = requests.mine(id);
        return new PayoutDetail(PayoutView.of(payout), requests.items(payout).stream().map(ItemView::of).toList());
    }

    @GET
    @Path("/quote")
    @AsksStripe
    @Operation(summary = "Quote a payout", description = "The result and cost of a request with the same `method`, `amount` and `currency` now. Nothing is reserved for it. A standard payout costs nothing.")
    @APIResponse(responseCode = "200", description = "The amount, and the fee besides it")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid method, amount or currency")
    @APIResponse(responseCode = "404", description = "The caller is not a coach")
    @APIResponse(responseCode = "409", description = "`payout-blocked` with `reasons`")
    @APIResponse(responseCode = "422", description = "`exceeds-available` with the `available` amount, `below-minimum`, or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; try again later")
    public QuoteView quote(
            @QueryParam("method") @DefaultValue("instant") @Parameter(description = "`standard` or `instant`", example = "instant") String method,
            @QueryParam("amount") @Parameter(description = "In the currency; without it, all that is available", example = "80.00") @Nullable String amount,
            @QueryParam("currency") @Parameter(description = "Needed if it is not the profile's", example = "USD") @Nullable String currency) {
        return QuoteView.of(requests.quote(amount, currency, isInstant(method)));
    }

    @POST
    @MoneyMoving
    @Operation(summary = "Pay me out", description = "Pays released earnings, whatever the schedule and the minimum of the profile say. `instant` arrives within minutes where the bank takes it; otherwise it becomes a standard payout with a `fallbackReason`. An instant payout costs a fee, shown by `GET /v1/me/payouts/quote` before and by the payout's `fee` after. A coach who bears it pays it from the balance besides the amount; without an `amount`, the payout is all less the fee. The fee is not given back if the bank returns the payout. A standard payout costs nothing.")
    @APIResponse(responseCode = "201", description = "Stripe has the payout; `status` is its state now", content = @Content(schema = @Schema(implementation = PayoutView.class)))
    @APIResponse(responseCode = "202", description = "Stripe is away; the payout is `requested`, and Stripe is asked for it again soon", content = @Content(schema = @Schema(implementation = PayoutView.class)))
    @APIResponse(responseCode = "404", description = "The caller is not a coach")
    @APIResponse(responseCode = "409", description = "`payout-blocked` with `reasons`, or `payout-refused` with Stripe's `code`")
    @APIResponse(responseCode = "422", description = "`exceeds-available` with the `available` amount, `below-minimum`, or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many requests a minute; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing was done, send the request again")
    public Response request(@Valid @NotNull PayoutForm form) {
        Payout payout = requests.request(new Payouts.PayoutOrder(form.amount(), form.currency(), form.wantsInstant()));
        Response.ResponseBuilder answer = payout.stripeId() == null ? Response.accepted()
                : addresses.created("/v1/me/payouts/" + payout.id());
        return answer.entity(PayoutView.of(payout)).build();
    }

    @POST
    @Path("/{id}/cancel")
    @MoneyMoving
    @Operation(summary = "Cancel a payout", description = "While it is pending. Stripe decides.")
    @APIResponse(responseCode = "200", description = "Canceled; its money can be paid out again")
    @APIResponse(responseCode = "404", description = "The caller has no such payout")
    @APIResponse(responseCode = "409", description = "`payout-not-pending`: it has left, has ended, or has not begun; `payout-blocked` with `account_deauthorized`")
    @APIResponse(responseCode = "429", description = "Too many requests a minute; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send the request again")
    public PayoutView cancel(@PathParam("id") UUID id) {
        return PayoutView.of(requests.cancel(id));
    }

    /** The amount to pay out, and the speed. */
    @Schema(name = "PayoutForm", examples = """
            {"amount": {"amount": "80.00", "currency": "USD"}, "method": "standard"}""")
    public record PayoutForm(@Nullable @Schema(description = "Without it, all that is available") Money amount,
            @Nullable @Schema(description = "Without an amount, the currency to pay out, if it is not the profile's", examples = "USD") String currency,
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

    /** The result of a request for a payout. */
    @Schema(name = "PayoutQuote")
    public record QuoteView(Money amount, @Schema(enumeration = {
            "standard", "instant" }) String method,
            @Nullable @Schema(description = "Why it would be a standard one although an instant one was requested", examples = "destination_not_eligible") String fallbackReason,
            @Schema(description = "Stripe's charge for it; where the coach bears it, taken besides the amount") Money fee,
            @Schema(enumeration = { "coach", "platform" }) String borneBy){

        static QuoteView of(Quote quote) {
            return new QuoteView(quote.amount(), quote.method().column(), quote.method().fallbackReason(), quote.fee(),
                    quote.bearer().code());
        }
    }

    /** A payout with its items. */
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
