package io.coachpay.subscription;

import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.Choice;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;

/** Plans, for administrators. */
@Path("/v1/admin/plans")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Subscriptions")
public class AdminPlanResource {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_DESCRIPTION = 500;
    private static final long LONGEST_TRIAL_DAYS = 365;
    private static final long LAST_PLACE = 1_000_000;
    private static final String NAME = "[^\\p{Cntrl}]*[\\p{L}\\p{N}][^\\p{Cntrl}]*";
    private static final String ONE_LINE = "[^\\p{Cntrl}]*";
    private static final String TIER = "[a-z][a-z0-9_-]{0,39}";
    private static final String TIER_RULE = "must be a word of lower case letters, digits, dashes and underscores";

    private final Plans plans;

    AdminPlanResource(Plans plans) {
        this.plans = plans;
    }

    @GET
    @Operation(summary = "List plans", description = "Newest first, also those that are not for sale.")
    @APIResponse(responseCode = "200", description = "A page of plans")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<AdminPlanView> list(@BeanParam @Valid Paging paging) {
        return Page.of(plans.all(paging), paging, Plan::id, AdminPlanView::of);
    }

    @POST
    @Operation(summary = "Offer a plan", description = """
            Amount and interval of a plan never change. Another amount is another plan, which `replaces` this one: it is sold \
            instead, as the same product at Stripe, and those who subscribe to the old one stay there.""")
    @APIResponse(responseCode = "201", description = "The new plan", content = @Content(schema = @Schema(implementation = AdminPlanView.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no plan of the id in `replaces`")
    @APIResponse(responseCode = "409", description = "`plan-replaced`: another plan is sold instead of that one already")
    @APIResponse(responseCode = "422", description = "`plan-for-others`: the plan to be replaced is for another audience; `amount-too-small`, `amount-too-large` or `amount-not-chargeable`: Stripe does not charge it")
    public RestResponse<AdminPlanView> create(@Valid @NotNull NewPlan form) {
        Plan made = plans.create(form.terms(), Choice.of("audience", form.audience(), Audience.values(), Audience::column),
                form.amount(), Choice.of("interval", form.interval(), BillingInterval.values(), BillingInterval::column),
                form.replaces());
        return RestResponse.status(RestResponse.Status.CREATED, AdminPlanView.of(made));
    }

    @PATCH
    @Path("/{id}")
    @AsksStripe
    @Operation(summary = "Change a plan", description = """
            Fields that are left out stay. The change is for later subscribers and, of tier and benefits, for all from now on: \
            sessions that are booked and purchases that have begun keep what was agreed. A plan is put out of sale, never \
            deleted. Name and sale go to Stripe too if anybody ever subscribed; when Stripe is away, it follows later.""")
    @APIResponse(responseCode = "200", description = "The plan as changed")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no plan of that id")
    @APIResponse(responseCode = "409", description = "`plan-changed`: somebody changed it after `updatedAt`, read it again; `plan-replaced`: another plan is sold instead of it, so that it cannot be for sale")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public AdminPlanView change(@PathParam("id") UUID id, @Valid @NotNull PlanChange form) {
        return AdminPlanView.of(plans.change(id, form.updatedAt(), form::on));
    }

    /** A plan to be offered. */
    @Schema(name = "NewPlan")
    public record NewPlan(
            @Schema(required = true, examples = "Professional") @NotNull @Size(min = 1, max = LONGEST_NAME) @Pattern(regexp = NAME, message = "must be one line with a letter or a digit") String name,
            @Schema(examples = "Lower fees for coaches who teach a lot") @Size(max = LONGEST_DESCRIPTION) @Pattern(regexp = ONE_LINE, message = "must be one line") @Nullable String description,
            @Schema(required = true, enumeration = {
                    "user", "organization" }) @NotNull String audience,
            @Schema(required = true, description = "What a subscriber pays at each interval") @NotNull Money amount,
            @Schema(required = true, enumeration = { "month", "year" }) @NotNull String interval,
            @Schema(required = true, examples = "professional", description = "The rank that subscribers have") @NotNull @Pattern(regexp = TIER, message = TIER_RULE) String tier,
            @Schema(description = "Days at the beginning for which nothing is paid, once for each subscriber; 0 if left out") @Min(0) @Max(LONGEST_TRIAL_DAYS) @Nullable Integer trialDays,
            @Valid @Nullable Benefits benefits,
            @Schema(description = "Whether it is for sale at once; true if left out") @Nullable Boolean active,
            @Schema(description = "Its place in the list, lowest first; 0 if left out") @Min(0) @Max(LAST_PLACE) @Nullable Integer sortOrder,
            @Schema(description = "The plan that this one is sold instead of") @Nullable UUID replaces){

        PlanTerms terms() {
            return new PlanTerms(name.strip(), stripped(description), trialDays == null ? 0 : trialDays, tier,
                    benefits == null ? Benefits.NONE : benefits, active == null || active, sortOrder == null ? 0 : sortOrder);
        }
    }

    /** A change of a plan; an absent field stays unchanged. */
    @Schema(name = "PlanChange", description = "An absent field stays unchanged")
    public record PlanChange(
            @Schema(examples = "Professional") @Size(min = 1, max = LONGEST_NAME) @Pattern(regexp = NAME, message = "must be one line with a letter or a digit") @Nullable String name,
            @Schema(examples = "Lower fees for coaches who teach a lot", description = "An empty text removes it") @Size(max = LONGEST_DESCRIPTION) @Pattern(regexp = ONE_LINE, message = "must be one line") @Nullable String description,
            @Schema(examples = "professional", description = "The rank that subscribers have") @Pattern(regexp = TIER, message = TIER_RULE) @Nullable String tier,
            @Schema(description = "Days at the beginning for which nothing is paid, once for each subscriber") @Min(0) @Max(LONGEST_TRIAL_DAYS) @Nullable Integer trialDays,
            @Schema(description = "All benefits together: one that is left out is taken away") @Valid @Nullable Benefits benefits,
            @Schema(description = "Whether it is for sale") @Nullable Boolean active,
            @Schema(description = "Its place in the list, lowest first") @Min(0) @Max(LAST_PLACE) @Nullable Integer sortOrder,
            @Schema(description = "The caller's copy has this; where the plan has another, nothing is changed") @Nullable Instant updatedAt) {

        PlanTerms on(PlanTerms terms) {
            return new PlanTerms(name == null ? terms.name() : name.strip(),
                    description == null ? terms.description() : stripped(description),
                    trialDays == null ? terms.trialDays() : trialDays, tier == null ? terms.tier() : tier,
                    benefits == null ? terms.benefits() : benefits, active == null ? terms.active() : active,
                    sortOrder == null ? terms.sortOrder() : sortOrder);
        }
    }

    private static @Nullable String stripped(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** A plan, with fields that only administrators see. */
    @Schema(name = "AdminPlan")
    public record AdminPlanView(@JsonUnwrapped PlanResource.PlanView offer,
            @Nullable @Schema(description = "The plan that this one is sold instead of") UUID replaces,
            @Nullable @Schema(examples = "prod_NWjs8kKbJWmuuc", description = "Stripe's id of the product; missing until the first subscribes") String productId,
            @Nullable @Schema(examples = "price_1MoBy5LkdIwHu7ixZhnattbh", description = "Stripe's id of the price; missing until the first subscribes") String priceId,
            Instant createdAt,
            @Schema(description = "When it was last changed; send it along with a change") Instant updatedAt) {

        static AdminPlanView of(Plan plan) {
            return new AdminPlanView(PlanResource.PlanView.of(plan), plan.replaces(), plan.price().productId(),
                    plan.price().stripeId(), plan.createdAt(), plan.updatedAt());
        }
    }
}
