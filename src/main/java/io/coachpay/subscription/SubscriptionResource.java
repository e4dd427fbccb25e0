package io.coachpay.subscription;

import java.time.Instant;
import java.util.List;
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
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.HoldsSecret;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.PublicAddress;
import io.coachpay.http.Replay;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.stripe.StripeInvoicePreview;
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
    @Operation(summary = "Change your plan, or let your subscription end or go on", description = """
            With `planId` and the `prorationDate` of a preview the plan changes, and what the preview said is paid. The new plan \
            is yours when that is paid; until then it is a `pendingChange`, which `nextAction` lets you pay, and which ends by \
            itself. What a smaller plan leaves over is kept for your next invoices. A trial goes on under a plan with a trial that \
            you have not had; under any other it ends, and the first period is paid. With `cancelAtPeriodEnd` the subscription \
            ends with the period that is paid, or goes on that was to end.""")
    @APIResponse(responseCode = "200", description = "The subscription as changed")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such plan for sale to people")
    @APIResponse(responseCode = "409", description = "`subscription-not-live`: it has ended, or never began; `subscription-scheduled`: its changes are planned already; `preview-expired`: the date is more than ten minutes old, or to come; `plan-unchanged`: it is your plan already; `subscription-unpaid`: it waits to be paid; `subscription-changing`: another change is under way")
    @APIResponse(responseCode = "422", description = "`subscription-currency`: the plan is in another currency")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe, or `too-many-cards`: too many refused cards in a day; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public SubscriptionView change(@Valid @NotNull SubscriptionChange change) {
        UUID plan = change.planId();
        Boolean ends = change.cancelAtPeriodEnd();
        if (plan == null) {
            if (ends == null) {
                throw new InvalidField("cancelAtPeriodEnd", "must not be null unless the plan changes");
            }
            return SubscriptionView.of(subscriptions.endWithPeriod(ends));
        }
        if (ends != null) {
            throw new InvalidField("cancelAtPeriodEnd", "is another change; send it by itself");
        }
        Instant date = change.prorationDate();
        if (date == null) {
            throw new InvalidField("prorationDate", "must not be null: a preview has it");
        }
        Subscriptions.Begun changed = subscriptions.changePlan(plan, date);
        return SubscriptionView.of(subscriptions.shownAs(changed.id()), changed.clientSecret());
    }

    @POST
    @Path("/preview")
    @AsksStripe
    @Operation(summary = "What a change of your plan would cost", description = """
            What is paid at once, and what is left over for your next invoices. Where the change ends a trial, the first period is \
            paid at once; where the trial goes on, nothing. The amounts hold for ten minutes, for a change \
            with the same `prorationDate`.""")
    @APIResponse(responseCode = "200", description = "The preview")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such plan for sale to people")
    @APIResponse(responseCode = "409", description = "`subscription-not-live`: it has ended, or never began; `subscription-scheduled`: its changes are planned already; `plan-unchanged`: it is your plan already; `subscription-unpaid`: it waits to be paid")
    @APIResponse(responseCode = "422", description = "`subscription-currency`: the plan is in another currency")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; send the request again")
    public PreviewView preview(@Valid @NotNull PreviewOrder order) {
        return PreviewView.of(subscriptions.preview(order.planId()));
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
    @Path("/resume")
    @MoneyMoving
    @Operation(summary = "Let your paused subscription go on", description = """
            A new period begins, which your default payment method pays. Where it does not, the subscription stays paused, and \
            `nextAction` has the client secret for Stripe's script.""")
    @APIResponse(responseCode = "200", description = "The subscription")
    @APIResponse(responseCode = "409", description = "`subscription-not-live`: it has ended, or never began; `subscription-not-paused`: it goes on already; `subscription-scheduled`: its changes are planned already")
    @APIResponse(responseCode = "429", description = "Too many payments a minute, or `too-many-cards`: too many refused cards in a day; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public SubscriptionView resume() {
        Subscriptions.Begun resumed = replay.isOne() ? subscriptions.begunBefore(replay.id("id")) : subscriptions.resume();
        return SubscriptionView.of(subscriptions.shownAs(resumed.id()), resumed.clientSecret());
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

    @POST
    @MoneyMoving
    @Operation(summary = "Subscribe with a saved payment method", description = """
            The first period is paid with the method that you name, else with your default; later ones, and the first one after a \
            trial, with your default. The method that you name becomes your default if you have none, or one that has expired: \
            choose it by `PUT /v1/me/payment-methods/{id}/default` otherwise. Where its bank asks, `nextAction` has the client secret for Stripe's script. Asking again for the same plan continues \
            what was begun, with another method if you name one. A trial needs no method: without one it ends the subscription.""")
    @APIResponse(responseCode = "201", description = "The subscription: `incomplete` until its first payment is made", content = @Content(schema = @Schema(implementation = SubscriptionView.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "402", description = "`card-declined`: with the bank's reason; ask again with another method")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no such plan for sale to people")
    @APIResponse(responseCode = "409", description = "`subscription-live`: you subscribe already, or began with another plan; `subscription-page-in-use`: ask again shortly")
    @APIResponse(responseCode = "422", description = "`payment-method-unknown`: there is no such saved method, or none at all; `subscription-currency`: you subscribed in another currency before; `address-not-taxable`: tell Stripe first where you live, by `PUT /v1/me/billing-details`")
    @APIResponse(responseCode = "429", description = "Too many payments a minute, or `too-many-cards`: too many cards were refused; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public RestResponse<SubscriptionView> begin(@Valid @NotNull SubscriptionStart start) {
        Subscriptions.Begun begun = replay.isOne() ? subscriptions.begunBefore(replay.id("id"))
                : subscriptions.begin(start.planId(), start.paymentMethodId());
        return RestResponse.status(RestResponse.Status.CREATED,
                SubscriptionView.of(subscriptions.shownAs(begun.id()), begun.clientSecret()));
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

    /** A wish to subscribe with a saved payment method. */
    @Schema(name = "SubscriptionStart", examples = "{\"planId\": \"01a0f6b0-5c1c-7c57-9f0e-6f0c2a1d9b11\"}")
    public record SubscriptionStart(@NotNull UUID planId,
            @Nullable @Schema(description = "What pays the first period unless a trial comes first; your default unless named") UUID paymentMethodId) {
    }

    /** The next step of a subscriber. */
    @Schema(name = "SubscriptionAction")
    public record NextAction(
            @Schema(description = "For Stripe's script, with which you pay, or answer your bank") String clientSecret) {
    }

    /** A wish to change a subscription: its plan, or whether it ends. */
    @Schema(name = "SubscriptionChange", examples = "{\"cancelAtPeriodEnd\": true}")
    public record SubscriptionChange(
            @Nullable @Schema(description = "Whether it ends with its period") Boolean cancelAtPeriodEnd,
            @Nullable @Schema(description = "Another plan") UUID planId,
            @Nullable @Schema(description = "As the preview of that plan has it") Instant prorationDate) {
    }

    /** A question about a change of plan. */
    @Schema(name = "SubscriptionPreviewOrder", examples = "{\"planId\": \"01a0f6b0-5c1c-7c57-9f0e-6f0c2a1d9b11\"}")
    public record PreviewOrder(@NotNull UUID planId) {
    }

    /** A line of an invoice to come. */
    @Schema(name = "SubscriptionPreviewLine")
    public record PreviewLine(@Nullable String description, Money amount) {
    }

    /** The cost of a change of plan. */
    @Schema(name = "SubscriptionPreview")
    public record PreviewView(@Schema(description = "What is paid at once") Money dueNow,
            @Schema(description = "What is left over, and lowers your next invoices") Money credit, List<PreviewLine> lines,
            @Schema(description = "To be sent with the change") Instant prorationDate,
            @Schema(description = "Until when these amounts hold") Instant validUntil) {

        static PreviewView of(Subscriptions.Preview preview) {
            StripeInvoicePreview invoice = preview.invoice();
            Money none = Money.zero(invoice.total().getCurrencyUnit());
            boolean now = invoice.isOfChange();
            return new PreviewView(now ? invoice.due() : none,
                    now && invoice.total().isNegative() ? invoice.total().negated() : none,
                    now ? invoice.lines().stream().map(line -> new PreviewLine(line.description(), line.amount())).toList()
                            : List.of(),
                    preview.at(), PlanChange.validUntil(preview.at()));
        }
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
            @Nullable PendingChange pendingChange,
            @Nullable @Schema(description = "When Stripe charges again after a refusal; missing when it will not by itself") Instant retryAt,
            @Schema(description = "Whether its next invoice waits for your address, which `PUT /v1/me/billing-details` takes") boolean addressNeeded,
            @Nullable @Schema(description = "What is left for you to do, told once, in the answer to your request") NextAction nextAction)
            implements
                HoldsSecret{

        static SubscriptionView of(Subscriptions.Shown shown) {
            return of(shown, null);
        }

        static SubscriptionView of(Subscriptions.Shown shown, @Nullable String clientSecret) {
            Subscription row = shown.subscription();
            SubscriptionTerm term = row.term();
            PendingChange pending = term.pendingPriceId() == null ? null
                    : new PendingChange(shown.pending() == null ? null : PlanView.of(shown.pending()),
                            term.pendingExpiresAt());
            return new SubscriptionView(row.id(), shown.plan() == null ? null : PlanView.of(shown.plan()),
                    row.status().column(), term.periodStart(), term.periodEnd(), term.trialEnd(), term.isCancelAtPeriodEnd(),
                    term.endsAt(), term.isCollectionPaused(), pending, shown.retryAt(), shown.addressNeeded(),
                    clientSecret == null ? null : new NextAction(clientSecret));
        }

        @Override
        public SubscriptionView withoutSecrets() {
            return new SubscriptionView(id, plan, status, currentPeriodStart, currentPeriodEnd, trialEnd, cancelAtPeriodEnd,
                    endsAt, collectionPaused, pendingChange, retryAt, addressNeeded, null);
        }

        @Override
        public String toString() {
            return "Subscription[" + id + ", " + status + "]";
        }
    }
}
