package io.coachpay.subscription;

import java.time.Instant;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.PublicAddress;
import io.coachpay.http.Replay;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.subscription.PlanResource.PlanView;
import io.quarkus.security.Authenticated;

/** The caller's subscription. */
@Path("/v1/me/subscription")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Subscriptions")
public class SubscriptionResource {

    private final Subscriptions subscriptions;
    private final PaymentMethods methods;
    private final PublicAddress address;
    private final Replay replay;

    SubscriptionResource(Subscriptions subscriptions, PaymentMethods methods, PublicAddress address, Replay replay) {
        this.subscriptions = subscriptions;
        this.methods = methods;
        this.address = address;
        this.replay = replay;
    }

    @GET
    @AsksStripe
    @Operation(summary = "Your subscription", description = """
            The live one, else the last. For a subscriber who comes back from Stripe's page, Stripe is asked, so that nobody \
            waits for a webhook.""")
    @APIResponse(responseCode = "200", description = "The subscription")
    @APIResponse(responseCode = "404", description = "`not-found`: you never subscribed")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send the request again")
    public SubscriptionView mine() {
        return SubscriptionView.of(subscriptions.mine());
    }

    @PATCH
    @AsksStripe
    @Operation(summary = "Let your subscription end, or go on", description = "It ends with the period that is paid, or goes on that was to end.")
    @APIResponse(responseCode = "200", description = "The subscription as changed")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "409", description = "`subscription-not-live`: it has ended, or never began; `subscription-scheduled`: its changes are planned already")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public SubscriptionView change(@Valid @NotNull SubscriptionChange change) {
        return SubscriptionView.of(subscriptions.endWithPeriod(change.cancelAtPeriodEnd()));
    }

    @DELETE
    @AsksStripe
    @Operation(summary = "End your subscription now", description = "Nothing is given back for the rest of the period.")
    @APIResponse(responseCode = "200", description = "The subscription, which has ended")
    @APIResponse(responseCode = "409", description = "`subscription-not-live`: it has ended already, or never began")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public SubscriptionView end() {
        return SubscriptionView.of(subscriptions.endNow());
    }

    @POST
    @Path("/checkout")
    @MoneyMoving
    @Operation(summary = "Subscribe on Stripe's page", description = """
            Opens Stripe's page, on which the subscription begins. Asking again for the same plan answers the page that is open; \
            asking for another plan closes that first. A trial is offered once for each product.""")
    @APIResponse(responseCode = "201", description = "Stripe's page", content = @Content(schema = @Schema(implementation = SubscriptionCheckout.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such plan for sale to people")
    @APIResponse(responseCode = "409", description = "`subscription-live`: you subscribe already; `subscription-page-in-use`: ask again shortly")
    @APIResponse(responseCode = "422", description = "`subscription-currency`: you subscribed in another currency before; `return-url-not-allowed`: subscribers are not sent to that origin")
    @APIResponse(responseCode = "429", description = "Too many payments a minute, or `too-many-cards`: too many refused cards in a day; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public RestResponse<SubscriptionCheckout> subscribe(@Valid @NotNull SubscriptionOrder order) {
        SubscriptionCheckout checkout = replay.isOne() ? subscriptions.showAgain(replay.id("subscriptionId"))
                : subscriptions.subscribe(order.planId(), urls(order));
        return RestResponse.status(RestResponse.Status.CREATED, checkout);
    }

    private ReturnUrls urls(SubscriptionOrder order) {
        ReturnUrls checked = methods.returnUrls(order.successUrl(), order.cancelUrl());
        return new ReturnUrls(
                order.successUrl() == null ? address.of(SubscriptionPages.DONE).build().toString() : checked.success(),
                order.cancelUrl() == null ? address.of(SubscriptionPages.LEFT).build().toString() : checked.cancel());
    }

    /** A wish to subscribe. */
    @Schema(name = "SubscriptionOrder", examples = "{\"planId\": \"01a0f6b0-5c1c-7c57-9f0e-6f0c2a1d9b11\"}")
    public record SubscriptionOrder(@NotNull UUID planId,
            @Nullable @Schema(description = "Where Stripe sends a subscriber who is done, at an origin that the service allows") String successUrl,
            @Nullable @Schema(description = "Where Stripe sends one who left, at an origin that the service allows") String cancelUrl) {
    }

    /** A wish to let a subscription end or go on. */
    @Schema(name = "SubscriptionChange", examples = "{\"cancelAtPeriodEnd\": true}")
    public record SubscriptionChange(
            @Schema(required = true, description = "Whether it ends with its period") @NotNull Boolean cancelAtPeriodEnd) {
    }

    /** A change of plan that waits to be paid. */
    @Schema(name = "PendingPlanChange")
    public record PendingChange(@Nullable @Schema(description = "Missing where the price is no plan's") PlanView plan,
            @Nullable @Schema(description = "When it ends unless it is paid") Instant expiresAt) {
    }

    /** A subscription. */
    @Schema(name = "Subscription")
    public record SubscriptionView(UUID id,
            @Nullable @Schema(description = "Missing where the price that Stripe bills is no plan's") PlanView plan,
            @Schema(enumeration = {
                    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "paused",
                    "canceled" }) String status,
            @Nullable Instant currentPeriodStart, @Nullable Instant currentPeriodEnd,
            @Nullable @Schema(description = "When the first payment is due, after a trial") Instant trialEnd,
            @Schema(description = "Whether it ends with the period") boolean cancelAtPeriodEnd,
            @Nullable @Schema(description = "When it ends, or has ended; missing while it goes on") Instant endsAt,
            @Schema(description = "Whether an administrator has stopped the collection of invoices") boolean collectionPaused,
            @Nullable PendingChange pendingChange){

        static SubscriptionView of(Subscriptions.Shown shown) {
            Subscription row = shown.subscription();
            SubscriptionTerm term = row.term();
            PendingChange pending = term.pendingPriceId() == null ? null
                    : new PendingChange(shown.pending() == null ? null : PlanView.of(shown.pending()),
                            term.pendingExpiresAt());
            return new SubscriptionView(row.id(), shown.plan() == null ? null : PlanView.of(shown.plan()),
                    row.status().column(), term.periodStart(), term.periodEnd(), term.trialEnd(), term.isCancelAtPeriodEnd(),
                    term.endsAt(), term.isCollectionPaused(), pending);
        }
    }
}
